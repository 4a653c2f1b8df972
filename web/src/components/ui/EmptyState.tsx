import type { ReactNode } from 'react';
import classes from './states.module.css';

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  inline?: boolean;
}

/** What would be here, and the one thing to do about it. */
export function EmptyState({ icon, title, children, action, inline = false }: EmptyStateProps) {
  return (
    <div className={classes[inline ? 'stateInline' : 'state']}>
      {icon !== undefined && <div className={classes.stateIcon}>{icon}</div>}
      <h2 className={classes.stateTitle}>{title}</h2>
      {children !== undefined && <div className={classes.stateBody}>{children}</div>}
      {action !== undefined && <div className={classes.stateActions}>{action}</div>}
    </div>
  );
}
