/** How `allure generate` makes the Allure report: one file that opens from disk, without a server. */
export default {
  name: 'Seatrial',
  plugins: { awesome: { options: { reportName: 'Seatrial', singleFile: true, theme: 'auto' } } },
};
