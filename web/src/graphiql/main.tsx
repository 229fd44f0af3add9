import { createRoot } from 'react-dom/client';
import { App } from './App';
import { finishSignOut, takeTokenFromAddress } from '../app/token';
import './style.css';

finishSignOut();
// Before rendering, so that the token leaves the address bar as soon as possible.
takeTokenFromAddress();

// Opening a printed address in a tab with this page changes only the fragment.
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) window.location.reload();
});

createRoot(document.getElementById('root')!).render(<App />);
