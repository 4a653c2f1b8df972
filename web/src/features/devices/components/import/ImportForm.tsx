import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Schema } from '@/api/client';
import { FormError } from '@/components/ui/FormError';
import { useCreateImport } from '../../api/createImport';
import classes from './import.module.css';

const EXAMPLE = `address,api_port,ssh_port,username,password,name,group,tags,spki_sha256
10.20.0.11,8729,22,drover,…,tower-1-ap-01,tower-1,wireless;critical,
10.20.0.12,8729,22,drover,…,tower-1-ap-02,tower-1,wireless,`;

const COLUMNS: readonly [name: string, what: string][] = [
  ['address', 'IP address or DNS name. Required.'],
  ['username, password', 'The login on the router. Required.'],
  ['api_port, ssh_port', '8729 and 22 when empty.'],
  ['name', 'The router’s identity when empty.'],
  ['group', 'By name; it is made when there is none.'],
  ['tags', 'Separated by semicolons.'],
  ['spki_sha256', 'The API certificate’s public key, when you know it: then this row needs no confirmation.'],
];

/** Step one: the list, pasted or from a file. */
export function ImportForm({
  tenantId,
  onMade,
}: {
  tenantId: number;
  onMade: (made: Schema<'Import'>) => void;
}) {
  const [csv, setCsv] = useState('');
  const create = useCreateImport(tenantId);
  const read = (file: File | null) => {
    if (file) void file.text().then(setCsv);
  };
  return (
    <div className={classes.form}>
      <Stack gap="sm">
        <Textarea
          label="CSV"
          description="The first line names the columns. Nothing is contacted before you have seen the preview."
          placeholder={EXAMPLE}
          autosize
          minRows={10}
          maxRows={22}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--d-mono)', fontSize: 12 } }}
          value={csv}
          onChange={(event) => setCsv(event.currentTarget.value)}
        />
        <FormError error={create.error} />
        <Group gap="xs">
          <Button
            disabled={csv.trim() === ''}
            loading={create.isPending}
            onClick={() => create.mutate(csv, { onSuccess: onMade })}
          >
            Preview
          </Button>
          <FileButton accept=".csv,text/csv,text/plain" onChange={read}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileUpload size={15} aria-hidden />}>
                Choose a file
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
      <aside className={classes.help} aria-label="Columns">
        <h2 className={classes.helpTitle}>Columns</h2>
        <dl className={classes.columns}>
          {COLUMNS.map(([name, what]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </aside>
    </div>
  );
}
