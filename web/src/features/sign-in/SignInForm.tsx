import { useState } from 'react';
import type { SignInProblem } from '../../app/session';
import { sentenceOfFailure } from '../../messages/errors';
import type { Messages } from '../../messages/en';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { TextField } from '../../ui/TextField';
import './SignInForm.css';

/** In parts that stay on one line each: a browser would break it behind the dashes. */
const COMMAND = ['crm-steps token create', '--organization NAME'] as const;

interface Props {
  /** The organization of the page that it is for, if there is one. */
  organization?: string | undefined;
  isChecking: boolean;
  problem: SignInProblem | undefined;
  onToken: (token: string) => void;
  /** Opens the organization of a token instead. */
  onSwitch: (token: string) => void;
}

/** Asks for a token, and says where one comes from. */
export function SignInForm({ organization, isChecking, problem, onToken, onSwitch }: Props) {
  const t = useMessages();
  const [token, setToken] = useState('');
  return (
    <form
      className="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        onToken(token.trim());
      }}
    >
      <TextField
        label={t.frame.token}
        // Masked on the screen. Browsers should not store it as a password.
        type="password"
        autoComplete="off"
        isCode
        isRequired
        autoFocus
        placeholder="crm_…"
        value={token}
        onChange={setToken}
        error={problem && sentenceOf(t, problem, organization)}
      />
      <div className="sign-in-form-actions">
        <Button type="submit" variant="primary" isBusy={isChecking} isDisabled={token.trim() === ''}>
          {t.frame.signIn}
        </Button>
        {problem?.is === 'otherOrganization' && (
          <Button onPress={() => onSwitch(problem.token)}>{t.frame.openOther(problem.organization)}</Button>
        )}
      </div>
      <div className="sign-in-form-where">
        <p>{t.frame.whereFrom}</p>
        <p className="sign-in-form-command">
          <code translate="no">
            <span>{COMMAND[0]}</span> <span>{COMMAND[1]}</span>
          </code>
          <CopyButton text={COMMAND.join(' ')} />
        </p>
        <p>{t.frame.commandName}</p>
      </div>
    </form>
  );
}

function sentenceOf(t: Messages, problem: SignInProblem, organization = ''): string {
  if (problem.is === 'otherOrganization') return t.frame.otherOrganization(problem.organization, organization);
  switch (problem.failure.kind) {
    case 'signedOut':
      return t.frame.tokenRejected;
    case 'forbidden':
      return t.frame.tokenWithoutRead;
    default:
      return sentenceOfFailure(t, problem.failure);
  }
}
