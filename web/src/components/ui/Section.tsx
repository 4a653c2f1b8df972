import type { ReactNode } from 'react';
import classes from './Section.module.css';

interface SectionProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled part of a page, set off by space and a line: no boxes in boxes. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className={classes.section}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}
