// Loaded before the page paints, so that nobody sees the wrong theme flash by. A file of its own, since the
// content security policy forbids inline scripts. The choice is stored by src/lib/appearance-store.ts.
(() => {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');

  function chosenTheme() {
    try {
      return JSON.parse(localStorage.getItem('guruconnect.appearance') ?? '{}').state?.theme ?? 'system';
    } catch {
      // A blocked or spoilt storage is no reason for a broken page.
      return 'system';
    }
  }

  function apply() {
    const theme = chosenTheme();
    const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
    document.documentElement.classList.toggle('dark', isDark);
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
  }

  apply();
  dark.addEventListener('change', apply);
  window.addEventListener('storage', apply);
  window.addEventListener('guruconnect:theme', apply);
})();
