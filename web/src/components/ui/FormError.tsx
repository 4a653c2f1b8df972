import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asApiError } from '@/api/errors';
import classes from './states.module.css';

/** The refusal of a form: what is wrong, what to do, and the number to quote. */
export function FormError({ error, hint }: { error: unknown; hint?: ReactNode }) {
  if (!error) return null;
  const { message, requestId, fields } = asApiError(error);
  const details = Object.entries(fields);
  return (
    <div role="alert" className={classes.formError}>
      <IconAlertTriangle size={16} aria-hidden className={classes.formErrorIcon} />
      <div>
        <div>{message}</div>
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
