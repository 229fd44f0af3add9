import { createRoot } from 'react-dom/client';
import { App } from './App';
import { takeTokenFromAddress } from './session';
import './style.css';

// Before anything is drawn, so that the token is in the address bar for as short as can be.
takeTokenFromAddress();

// A printed address that is opened where the page already is changes the fragment alone.
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) window.location.reload();
});

createRoot(document.getElementById('root')!).render(<App />);
