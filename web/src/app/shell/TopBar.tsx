import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { openPalette } from '../palette/store';
import { ClientSwitcher } from './ClientSwitcher';
import classes from './bars.module.css';

/** The narrow screen's top: where one is, search, and everything else behind one button. */
export function TopBar({ onOpenMenu }: { onOpenMenu: () => void }) {
  return (
    <div className={classes.top}>
      <ActionIcon variant="subtle" size={38} aria-label="Open the menu" onClick={onOpenMenu}>
        <IconMenu2 size={19} aria-hidden />
      </ActionIcon>
      <div className={classes.switcher}>
        <ClientSwitcher slim={false} />
      </div>
      <ActionIcon variant="subtle" size={38} aria-label="Search everything" onClick={openPalette}>
        <IconSearch size={19} aria-hidden />
      </ActionIcon>
    </div>
  );
}
