import { createRoot } from 'react-dom/client';
import { finishSignOut, takeTokenFromAddress } from './app/token';

finishSignOut();
// Before rendering, so that the token leaves the address bar as soon as possible.
takeTokenFromAddress();

createRoot(document.getElementById('root')!).render(<h1>crm-steps</h1>);
