import { NumberInput, PasswordInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import classes from './wizard.module.css';

export interface ConnectionValues {
  address: string;
  api_port: number | string;
  ssh_port: number | string;
  username: string;
  password: string;
}

const port = (value: number | string) =>
  Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= 65_535 ? null : '1 to 65535';

export const connectionRules = {
  address: (value: string) => (value.trim() === '' ? 'Enter an IP address or a DNS name' : null),
  api_port: port,
  ssh_port: port,
  username: (value: string) => (value.trim() === '' ? 'Enter the user name' : null),
};

/** Where a router is and how to log in. */
export function ConnectionFields<V extends ConnectionValues>({ form }: { form: UseFormReturnType<V> }) {
  return (
    <>
      <div className={classes.ports}>
        <TextInput
          label="Address"
          placeholder="10.20.0.1 or ap1.example.net"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('address')}
        />
        <NumberInput
          label="API port"
          min={1}
          max={65_535}
          hideControls
          allowDecimal={false}
          {...form.getInputProps('api_port')}
        />
        <NumberInput
          label="SSH port"
          min={1}
          max={65_535}
          hideControls
          allowDecimal={false}
          {...form.getInputProps('ssh_port')}
        />
      </div>
      <div className={classes.pair}>
        <TextInput
          label="User name"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('username')}
        />
        <PasswordInput label="Password" autoComplete="new-password" {...form.getInputProps('password')} />
      </div>
    </>
  );
}
