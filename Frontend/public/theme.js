// Runs before the first paint so that a dark screen never flashes white. A file of its own because the
// content security policy admits no inline script. src/lib/theme.ts takes over once the page is up.
(function () {
  var wish = null;
  try {
    wish = localStorage.getItem('dost-theme');
  } catch {
    // Storage can be switched off; the system's wish then decides.
  }
  var dark = wish === 'dark' || (wish !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
