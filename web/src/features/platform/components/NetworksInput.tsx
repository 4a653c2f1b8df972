import { TagsInput, type TagsInputProps } from '@mantine/core';

/** Where a client's routers may be reached; the reason for it stands beside it. */
export function NetworksInput(props: TagsInputProps) {
  const empty = (props.value ?? []).length === 0;
  return (
    <TagsInput
      label="Management networks"
      description="The only networks in which Drover may reach this client’s routers. Anything outside is refused, so that nobody can use “Add router” to look around in another network. Enter each as 10.20.0.0/16."
      placeholder={empty ? '10.20.0.0/16' : ''}
      splitChars={[',', ' ', ';']}
      acceptValueOnBlur
      {...props}
    />
  );
}
