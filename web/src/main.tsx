import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { followNavigation } from './app/navigation';
import { Session } from './app/session';
import { settings } from './app/settings';
import { startShortcuts } from './app/shortcuts';
import { startTheme } from './app/theme';
import { finishSignOut, takeTokenFromAddress } from './app/token';
import { loadMessages } from './messages/load';
import { ConnectionStore } from './relay/connection';
import { createEnvironment } from './relay/environment';
import { RequestFailed } from './relay/errors';
import { firstScreen } from './ui/firstScreen';
import './ui/base.css';

finishSignOut();
// Before rendering, so that the token leaves the address bar as soon as possible.
takeTokenFromAddress();

// Opening a printed address in a tab with this page changes only the fragment.
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) window.location.reload();
});

startTheme();
startShortcuts();
followNavigation();

const connection = new ConnectionStore();
const session = new Session(connection.report);
const environment = createEnvironment(session);

const { language } = settings();
const root = document.getElementById('root');
if (root === null) throw new Error('The document has no root.');
loadMessages(language, firstScreen()).then(
  (messages) =>
    createRoot(root, { onCaughtError }).render(
      <App session={session} connection={connection} environment={environment} initial={{ language, messages }} />,
    ),
  (error: unknown) => {
    // There are no words yet in which it could be said better.
    root.textContent = 'crm-steps: this page could not be loaded. Reload it. / Recarregue esta página.';
    console.error(error);
  },
);

/** The pane that shows a failure says everything there is to say about it. */
function onCaughtError(error: unknown): void {
  if (!(error instanceof RequestFailed)) console.error(error);
}
