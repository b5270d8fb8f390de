import { App } from 'cdk8s';
import { Fleet, NodePool } from '../../../../src';
import { manifestsOf } from '../../../../src/testing';
import { at, compiled } from '../compiled';

const KUBELET = { cpuManagerPolicy: 'static', systemReserved: { cpu: '500m' }, topologyManagerPolicy: 'restricted' };

const FLEET = `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  nodePools:
    gpu: { nodes: [n1], hugepages: [{ size: 1Gi, count: 4 }], kubelet: ${JSON.stringify(KUBELET)} }
`;

it('writes a KubeletConfig that selects the emitted pool by the label that the pool carries', () => {
  const { manifest } = compiled(FLEET);
  const config = manifest('unit/gpu/kubelet');
  const label = at(config, 'spec', 'machineConfigPoolSelector', 'matchLabels');
  expect(at(manifest('unit/gpu/pool'), 'metadata', 'labels')).toEqual(label);
  expect(at(config, 'spec', 'kubeletConfig')).toEqual(KUBELET);
  expect(config.path).toBe('node-prep/gpu/kubeletconfig.100-gpu-kubelet.yaml');
});

it('turns automatic sizing off where something is reserved for the system, and says nothing of it elsewhere', () => {
  expect(at(compiled(FLEET).manifest('unit/gpu/kubelet'), 'spec', 'autoSizingReserved')).toBe(false);
  const without = compiled(FLEET.replace('"systemReserved":{"cpu":"500m"},', ''));
  expect(at(without.manifest('unit/gpu/kubelet'), 'spec', 'autoSizingReserved')).toBeUndefined();
});

it('writes none where nobody asks the kubelet for anything', () => {
  expect(compiled(FLEET.replace(/kubelet: \{.*\} \}/, '}')).has('unit/gpu/kubelet')).toBe(false);
});

it('is the same from constructs', () => {
  const fleet = new Fleet(new App(), 'small', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });
  const pool = new NodePool(fleet, 'gpu', {
    nodes: ['n1'],
    hugepages: [{ size: '1Gi', count: 4 }],
    kubelet: KUBELET,
  });
  const { manifest, set } = compiled(FLEET);
  expect(pool.kubeletConfig.toJson()).toEqual(manifest('unit/gpu/kubelet').content);
  expect(Object.values(manifestsOf(fleet))).toEqual(set.manifests.map(({ content }) => content));
});
