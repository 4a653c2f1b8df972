import { Button, Group, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { Schema } from '@/api/client';
import { FormError } from '@/components/ui/FormError';
import { networksProblem } from '@/lib/networks';
import { showFieldErrors } from '@/lib/fieldErrors';
import { isSlug, slugFrom } from '@/lib/slug';
import { useCreateTenant } from '../api/createTenant';
import { ClientMaking } from './ClientMaking';
import { NetworksInput } from './NetworksInput';

const EMAIL = /^[^@\s]+@[^@\s]+$/;

interface Values {
  name: string;
  slug: string;
  networks: string[];
  invite: boolean;
  adminName: string;
  adminEmail: string;
}

/** Makes a client: its own keys, partitions and audit trail; the work is followed to its end. */
export function NewClientDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateTenant();
  const [made, setMade] = useState<
    (Schema<'TenantCreating'> & { name: string; slug: string; email: string | null }) | null
  >(null);
  const [slugTouched, setSlugTouched] = useState(false);
  const form = useForm<Values>({
    initialValues: { name: '', slug: '', networks: [], invite: true, adminName: '', adminEmail: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter the client’s name' : null),
      slug: (value) => (isSlug(value) ? null : 'Small letters, digits and dashes, at most 40'),
      networks: networksProblem,
      adminName: (value, { invite }) => (invite && value.trim() === '' ? 'Enter the admin’s name' : null),
      adminEmail: (value, { invite }) =>
        invite && !EMAIL.test(value.trim()) ? 'Enter the admin’s email address' : null,
    },
  });
  const submit = form.onSubmit((values) => {
    const email = values.invite ? values.adminEmail.trim() : null;
    create.mutate(
      {
        name: values.name.trim(),
        slug: values.slug,
        management_networks: values.networks,
        first_admin: email === null ? null : { email, name: values.adminName.trim() },
      },
      {
        onSuccess: (reply) => setMade({ ...reply, name: values.name.trim(), slug: values.slug, email }),
        onError: (error) =>
          showFieldErrors(form, error, {
            name: 'name',
            slug: 'slug',
            management_networks: 'networks',
            'first_admin.email': 'adminEmail',
            'first_admin.name': 'adminName',
          }),
      },
    );
  });

  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      title={made ? `New client: ${made.name}` : 'New client'}
      closeOnClickOutside={false}
    >
      {made ? (
        <ClientMaking made={made} onClose={onClose} />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput
              label="Name"
              placeholder="Blue Harbour Internet"
              data-autofocus
              {...form.getInputProps('name')}
              onChange={(event) => {
                form.setFieldValue('name', event.currentTarget.value);
                if (!slugTouched) form.setFieldValue('slug', slugFrom(event.currentTarget.value));
              }}
            />
            <TextInput
              label="Name in the address bar"
              description="Links to this client begin with it; it stays when the name changes."
              leftSection={<span style={{ color: 'var(--d-text-3)' }}>/t/</span>}
              leftSectionWidth={34}
              {...form.getInputProps('slug')}
              onChange={(event) => {
                setSlugTouched(true);
                form.setFieldValue('slug', event.currentTarget.value.toLowerCase());
              }}
            />
            <NetworksInput {...form.getInputProps('networks')} />
            <Switch
              label="Invite its first admin now"
              description="They get a one-time link, which you hand over."
              {...form.getInputProps('invite', { type: 'checkbox' })}
            />
            {form.values.invite && (
              <Group grow gap="sm" align="flex-start">
                <TextInput label="Admin’s name" {...form.getInputProps('adminName')} />
                <TextInput label="Admin’s email" type="email" {...form.getInputProps('adminEmail')} />
              </Group>
            )}
            <FormError error={create.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Create client
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
