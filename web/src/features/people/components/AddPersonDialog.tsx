import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { CopyField } from '@/components/ui/CopyField';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { showFieldErrors } from '@/lib/fieldErrors';
import { absoluteUrl } from '@/lib/url';
import { useAddPerson } from '../api/addPerson';
import { isRole, roleLabel, ROLES, type Role } from '../roles';

/** Adds a member; someone without a login gets a one-time link, shown once. */
export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const tenant = useTenant();
  const add = useAddPerson(tenant.tenant_id);
  const form = useForm<{ email: string; name: string; role: Role }>({
    initialValues: { email: '', name: '', role: 'operator' },
    validate: {
      email: (value) => (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : 'Enter their email address'),
      name: (value) => (value.trim() === '' ? 'Enter their name' : null),
    },
  });
  const submit = form.onSubmit(({ email, name, role }) =>
    add.mutate(
      { email: email.trim(), name: name.trim(), role },
      { onError: (error) => showFieldErrors(form, error, { email: 'email', name: 'name', role: 'role' }) },
    ),
  );
  const done = add.data;
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={done ? `${done.person.name} is invited` : `Add a person to ${tenant.name}`}
      closeOnClickOutside={false}
    >
      {done ? (
        <Stack gap="md">
          <Text size="sm" role="status">
            Send this link to {done.person.email} in a way you trust. It works once, within 48 hours, and is
            shown only here. They are in as {roleLabel(done.person.role).toLowerCase()} once they used it;
            somebody who has a login already joins with their own password.
          </Text>
          <CopyField label="Invitation link" value={absoluteUrl(done.invitation_url)} />
          <Group justify="flex-end">
            <Button data-autofocus onClick={onClose}>
              Done
            </Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput
              label="Email"
              type="email"
              autoComplete="off"
              data-autofocus
              {...form.getInputProps('email')}
            />
            <TextInput label="Name" autoComplete="off" {...form.getInputProps('name')} />
            <Radio.Group
              label="Role"
              value={form.values.role}
              onChange={(value) => {
                if (isRole(value)) form.setFieldValue('role', value);
              }}
            >
              <Stack gap="xs" mt={6}>
                {ROLES.map((role) => (
                  <Radio key={role.value} value={role.value} label={role.label} description={role.may} />
                ))}
              </Stack>
            </Radio.Group>
            <FormError error={add.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={add.isPending}>
                Add person
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
