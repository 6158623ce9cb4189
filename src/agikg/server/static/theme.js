// Runs before the page is drawn: the theme that was chosen, so that nothing flashes. Without a choice the style follows the system.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem('agikg-theme'); } catch { /* a browser that keeps nothing */ }
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
})();
