import type { SignInProblem } from '../../app/session';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { SignInForm } from './SignInForm';

interface Props {
  organization: string;
  isChecking: boolean;
  problem: SignInProblem | undefined;
  onToken: (token: string) => void;
  onSwitch: (token: string) => void;
  onSignOut: () => void;
}

/** Stands over the page whose token became invalid, so that nothing of it is lost. */
export default function SignedOutDialog({ organization, onSignOut, ...form }: Props) {
  const t = useMessages();
  return (
    <Dialog
      title={t.frame.signedOut}
      role="alertdialog"
      size="sm"
      // Escape would leave a page that can do nothing.
      onClose={() => {}}
      footer={<Button onPress={onSignOut}>{t.app.signOut}</Button>}
    >
      <p>{t.frame.signedOutText(organization)}</p>
      <SignInForm organization={organization} {...form} />
    </Dialog>
  );
}
