/** Where the KubeVirt object is when nobody says otherwise: `kubevirt/kubevirt`. */
export const DEFAULT_KUBEVIRT_NAMESPACE = 'kubevirt';

/** Name of the KubeVirt object when nobody says otherwise. */
export const DEFAULT_KUBEVIRT_NAME = 'kubevirt';

/** KubeVirt's own resource domain: a permitted device there may take the place of a resource that KubeVirt serves itself. */
export const KUBEVIRT_RESOURCE_DOMAIN = 'devices.kubevirt.io';

/**
 * The names below {@link KUBEVIRT_RESOURCE_DOMAIN} that KubeVirt serves itself. `kvm` is the hypervisor's device: on another
 * hypervisor KubeVirt serves that one's device, `mshv` say, in its place.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/generic_device.go
 */
export const KUBEVIRT_RESOURCES: readonly string[] = [
  'iommufd',
  'kvm',
  'pr-helper',
  'sev',
  'tdx',
  'tun',
  'vhost-net',
  'vhost-vsock',
];
