import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asApiError } from '@/api/errors';
import { sentence } from '@/lib/words';
import classes from './states.module.css';

/** The refusal of a form: what is wrong, what to do, and the number to quote. */
export function FormError({ error, hint }: { error: unknown; hint?: ReactNode }) {
  if (!error) return null;
  const { code, message, requestId, fields } = asApiError(error);
  // Only of input that was refused as such: other errors carry facts there for the code, not for reading.
  const details = code === 'input.invalid' ? Object.entries(fields) : [];
  return (
    <div role="alert" className={classes.formError}>
      <IconAlertTriangle size={16} aria-hidden className={classes.formErrorIcon} />
      <div>
        <div>{sentence(message)}</div>
        {details.length > 0 && (
          <ul className={classes.fieldList}>
            {details.map(([field, problem]) => (
              <li key={field}>
                {field}: {problem}
              </li>
            ))}
          </ul>
        )}
        {hint !== undefined && <div className={classes.hint}>{hint}</div>}
        {requestId !== null && <div className={classes.requestId}>Request {requestId}</div>}
      </div>
    </div>
  );
}
