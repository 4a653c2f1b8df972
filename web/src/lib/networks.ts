const CIDR = /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-f:]+\/\d{1,3})$/i;

/** What is wrong with a list of networks as it was typed; the server looks closer. */
export function networksProblem(networks: readonly string[]): string | null {
  if (networks.length === 0) return 'Name at least one network';
  const wrong = networks.find((network) => !CIDR.test(network));
  return wrong === undefined ? null : `Not a network: ${wrong}`;
}
