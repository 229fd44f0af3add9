import type { SignInProblem } from '../../app/session';
import { usePageTitle } from '../../app/usePageTitle';
import { useMessages } from '../../messages/Messages';
import { SignInForm } from './SignInForm';
import './SignInPage.css';

interface Props {
  isChecking: boolean;
  problem: SignInProblem | undefined;
  onToken: (token: string) => void;
  onSwitch: (token: string) => void;
}

/** What is shown before somebody has signed in. */
export default function SignInPage(props: Props) {
  const t = useMessages();
  usePageTitle(t.frame.signIn);
  return (
    <main className="sign-in-page">
      <div className="sign-in-page-card">
        <h1>{t.frame.signInTo}</h1>
        <SignInForm {...props} />
      </div>
    </main>
  );
}
