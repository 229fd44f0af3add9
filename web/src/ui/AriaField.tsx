import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { ErrorLines, errorsOf, FieldDescription, type FieldProps, RequiredMark } from './Field';
import { VisuallyHidden } from './VisuallyHidden';

// Label, description and errors of fields that React Aria connects with their controls: Picker, ComboField and others.

/** Label and description, above the control. */
export function FieldHead(props: FieldProps) {
  const { label, isLabelHidden, isRequired, description, disabledReason, labelEnd } = props;
  return (
    <>
      {isLabelHidden === true ? (
        <VisuallyHidden>
          <Label>{label}</Label>
        </VisuallyHidden>
      ) : (
        <div className="field-head">
          <Label className="field-label">
            {label}
            {isRequired === true && <RequiredMark />}
          </Label>
          {labelEnd}
        </div>
      )}
      {(description !== undefined || disabledReason !== undefined) && (
        <Text slot="description" className="field-description">
          <FieldDescription description={description} disabledReason={disabledReason} />
        </Text>
      )}
    </>
  );
}

/** The sentences about the value, below the control. */
export function FieldErrors({ error }: { error: FieldProps['error'] }) {
  const sentences = errorsOf(error);
  if (sentences.length === 0) return null;
  return (
    <FieldError className="field-error">
      <ErrorLines sentences={sentences} />
    </FieldError>
  );
}
