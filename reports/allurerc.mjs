/** How `allure generate` makes the Allure report: one file that opens from disk, without a server. */
export default {
  name: 'Seatrial',
  plugins: {
    awesome: {
      // epic = standard, feature = row of the scorecard, story = the experiment behind it.
      options: { reportName: 'Seatrial', singleFile: true, theme: 'auto', groupBy: ['epic', 'feature', 'story'] },
    },
  },
};
