import type { ReactNode } from 'react';
import classes from './Gate.module.css';

/** The plain page of those who are not signed in: the name, and one form. */
export function Gate({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <img src="/favicon.svg" width="26" height="26" alt="" />
          Drover
        </div>
        <h1 className={classes.title}>{title}</h1>
        {lead !== undefined && <div className={classes.lead}>{lead}</div>}
        {children}
      </div>
    </main>
  );
}
