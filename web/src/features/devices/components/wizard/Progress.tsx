import { Button, Group, Stack } from '@mantine/core';
import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import type { Schema } from '@/api/client';
import classes from './wizard.module.css';

const STEPS = ['connecting', 'awaiting_confirmation', 'verifying', 'done'] as const;

function words(step: (typeof STEPS)[number], { address, api_port }: Schema<'Enrolment'>): string {
  switch (step) {
    case 'connecting':
      return `Connect to ${address} on port ${api_port} and read its keys`;
    case 'awaiting_confirmation':
      return 'Confirm its keys';
    case 'verifying':
      return 'Log in; read its identity, model, serial and version';
    case 'done':
      return 'Save; start values and the first backup';
  }
}

/** Where the enrolment is, step by step. */
export function Progress({ enrolment, onCancel }: { enrolment: Schema<'Enrolment'>; onCancel: () => void }) {
  const at = STEPS.findIndex((step) => step === enrolment.state);
  return (
    <Stack gap="md">
      <ol className={classes.steps} role="status" aria-label="Progress">
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={classes.step}
            data-state={index < at ? 'done' : index === at ? 'now' : 'later'}
          >
            {index < at ? (
              <IconCheck size={16} aria-label="Done" />
            ) : index === at ? (
              <span className={classes.spin} aria-label="Under way" />
            ) : (
              <IconCircleDashed size={16} aria-hidden />
            )}
            {words(step, enrolment)}
          </li>
        ))}
      </ol>
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}
