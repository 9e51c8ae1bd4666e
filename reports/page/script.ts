/**
 * What the page can do more where scripts run: open and close everything, open what a link points into, print everything. Without it all is
 * there, too.
 */
export const script = `
const all = () => [...document.querySelectorAll('details')];
const reveal = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target === null) return;
  for (let at = target; at !== null; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
  target.scrollIntoView();
};
addEventListener('hashchange', reveal);
reveal();
const toggle = document.getElementById('toggle');
toggle.hidden = false;
toggle.addEventListener('click', () => {
  const open = toggle.textContent === 'Open all';
  for (const one of all()) one.open = open;
  toggle.textContent = open ? 'Close all' : 'Open all';
});
let closed = [];
addEventListener('beforeprint', () => {
  closed = all().filter((one) => !one.open);
  for (const one of closed) one.open = true;
});
addEventListener('afterprint', () => {
  for (const one of closed) one.open = false;
});
`;
