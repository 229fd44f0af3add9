import { onSettings, settings } from './settings';

function apply(): void {
  const { theme } = settings();
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}

/** Shows the chosen scheme from now on; call it before anything is drawn. The colours are in `ui/tokens.css`. */
export function startTheme(): void {
  apply();
  onSettings(apply);
}
