import type { Construct } from 'constructs';
import { devicePluginKeys, OWN_NAMESPACE } from '../manifests';
import type { FleetObject, FleetObjectHead } from './fleet-object';

/** What makes the objects of a fleet. */
interface ObjectMaker {
  /** @internal */
  readonly _object: (scope: Construct, id: string, key: string, head: FleetObjectHead) => FleetObject;
}

/** Puts the objects of a device plugin that is deployed from an image into the tree, and gives the DaemonSet. */
export function pluginObjects(
  fleet: ObjectMaker,
  scope: Construct,
  facts: { readonly plugin: string; readonly name: string; readonly namespace: string | undefined },
): FleetObject {
  const { plugin, name, namespace = OWN_NAMESPACE } = facts;
  const keys = devicePluginKeys(plugin);
  const rbac = 'rbac.authorization.k8s.io/v1';
  fleet._object(scope, 'account', keys.serviceAccount, { apiVersion: 'v1', kind: 'ServiceAccount', name, namespace });
  fleet._object(scope, 'admission', keys.roleBinding, { apiVersion: rbac, kind: 'RoleBinding', name, namespace });
  return fleet._object(scope, 'daemon-set', keys.daemonSet, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    name,
    namespace,
  });
}
