import { Button, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { showFieldErrors } from '@/lib/fieldErrors';
import { groupsQuery } from '../../api/listGroups';
import { tagsQuery } from '../../api/listTags';
import { useStartEnrolment } from '../../api/startEnrolment';
import { Added } from './Added';
import { Confirm } from './Confirm';
import { ConnectionFields, connectionRules, type ConnectionValues } from './ConnectionFields';
import { Progress } from './Progress';
import { useEnrolmentFlow } from './useEnrolmentFlow';
import classes from './wizard.module.css';

interface Values extends ConnectionValues {
  name: string;
  group: string | null;
  tags: string[];
}

const TITLES = {
  form: 'Add router',
  moving: 'Add router',
  confirm: 'Is this your router?',
  done: 'Router added',
};

/** The server's names of the fields, and ours. */
const FIELDS = {
  address: 'address',
  api_port: 'api_port',
  ssh_port: 'ssh_port',
  username: 'username',
  password: 'password',
  name: 'name',
  group_id: 'group',
  tags: 'tags',
};

interface AddRouterProps {
  enrolmentId: string | null;
  onEnrolment: (id: string | null) => void;
  onClose: () => void;
}

/** Address and login → the router's keys to confirm → verified → saved. Nothing is saved before the end. */
export function AddRouter({ enrolmentId, onEnrolment, onClose }: AddRouterProps) {
  const tenant = useTenant();
  const start = useStartEnrolment(tenant.tenant_id);
  const { stage, enrolment, failure, advice, abandon } = useEnrolmentFlow(tenant.tenant_id, enrolmentId);
  const groups = useQuery(groupsQuery(tenant.tenant_id));
  const tags = useQuery(tagsQuery(tenant.tenant_id));
  const form = useForm<Values>({
    initialValues: {
      address: '',
      api_port: 8729,
      ssh_port: 22,
      username: '',
      password: '',
      name: '',
      group: null,
      tags: [],
    },
    validate: connectionRules,
  });
  const submit = form.onSubmit((values) =>
    start.mutate(
      {
        address: values.address.trim(),
        api_port: Number(values.api_port),
        ssh_port: Number(values.ssh_port),
        username: values.username.trim(),
        password: values.password,
        name: values.name.trim() === '' ? null : values.name.trim(),
        group_id: values.group === null ? null : Number(values.group),
        tags: values.tags,
      },
      { onSuccess: ({ id }) => onEnrolment(id), onError: (error) => showFieldErrors(form, error, FIELDS) },
    ),
  );
  const back = () => {
    abandon();
    onEnrolment(null);
  };
  const close = () => {
    abandon();
    onClose();
  };

  return (
    <Modal opened onClose={close} size={560} title={TITLES[stage]} closeOnClickOutside={false}>
      {stage === 'moving' && enrolment && <Progress enrolment={enrolment} onCancel={back} />}
      {stage === 'confirm' && enrolment && (
        <Confirm tenantId={tenant.tenant_id} enrolment={enrolment} verb="Confirm and add" onBack={back} />
      )}
      {stage === 'done' && enrolment && (
        <Added
          enrolment={enrolment}
          slug={tenant.slug}
          onAnother={() => {
            form.setValues({ address: '', name: '', password: form.values.password });
            onEnrolment(null);
          }}
        />
      )}
      {stage === 'form' && (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              Drover talks to routers over api-ssl. It first shows you the router’s keys, and sends the
              password only after you confirm them.
            </Text>
            <FormError
              error={start.error ?? failure}
              hint={start.error ? undefined : (advice ?? undefined)}
            />
            <ConnectionFields form={form} />
            <div className={classes.optional}>Optional</div>
            <TextInput label="Name" placeholder="The router’s own identity" {...form.getInputProps('name')} />
            <div className={classes.pair}>
              <Select
                label="Group"
                placeholder="None"
                clearable
                searchable
                data={(groups.data ?? []).map((group) => ({ value: String(group.id), label: group.name }))}
                {...form.getInputProps('group')}
              />
              <TagsInput
                label="Tags"
                placeholder={form.values.tags.length === 0 ? 'None' : ''}
                acceptValueOnBlur
                data={(tags.data ?? []).map((tag) => tag.name)}
                {...form.getInputProps('tags')}
              />
            </div>
            <Group justify="flex-end" gap="xs" mt={4}>
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={start.isPending}>
                Connect
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
