import { memo } from 'react';
import { pieces } from '../lines';
import classes from './code.module.css';

interface CodeLineProps {
  text: string;
  changed?: readonly [number, number] | null;
}

/** One line of RouterOS configuration: secrets as pills, menus set off, what changed marked. */
export const CodeLine = memo(function CodeLine({ text, changed = null }: CodeLineProps) {
  // Old versions write menu and command in one line: only a menu of its own is a heading.
  const menu = text.startsWith('/') && !/ (add|set|remove|reset) /.test(text);
  const look = menu ? classes.menu : text.startsWith('#') ? classes.comment : undefined;
  return (
    <span className={look}>
      {pieces(text, changed).map((piece, index) =>
        piece.secret ? (
          <span
            key={index}
            className={classes.secret}
            data-changed={piece.changed || undefined}
            title="A secret value, stored apart from this text. Equal marks stand for equal values."
          >
            secret {piece.text.slice(0, 6)}
          </span>
        ) : piece.changed ? (
          <mark key={index} className={classes.changed}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
});
