import { gzipSync } from 'node:zlib';
import { decodeDataUrl } from '../../../src/openshift';

const base64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64');

describe('the contents of an Ignition file', () => {
  it.each([
    ['plain', 'data:,options%20vfio-pci%0A', undefined, 'options vfio-pci\n'],
    ['empty', 'data:,', undefined, ''],
    ['with a media type', 'data:text/plain;charset=utf-8,a', undefined, 'a'],
    ['base64', `data:text/plain;charset=utf-8;base64,${base64('ids=10de:1eb8')}`, undefined, 'ids=10de:1eb8'],
    [
      'base64 with escapes',
      'data:;base64,aWRz%3D%3D'.replace('aWRz%3D%3D', encodeURIComponent(base64('idsx'))),
      '',
      'idsx',
    ],
    ['compressed', `data:;base64,${base64(gzipSync('softdep nouveau'))}`, 'gzip', 'softdep nouveau'],
  ])('is read %s', (_name, source, compression, text) => {
    expect(decodeDataUrl(source, compression)).toEqual({ ok: true, value: text });
  });

  it.each([
    ['a web address', 'https://example.com/vfio.conf', undefined],
    ['nothing behind the scheme', 'data:text/plain', undefined],
    ['marks that are no base64', 'data:;base64,!!!', undefined],
    ['an escape that is cut off', 'data:,%E0%A4', undefined],
    ['another compression', 'data:,a', 'xz'],
    ['text that is not compressed', 'data:,a', 'gzip'],
    ['a small text that would be a very large one', `data:;base64,${base64(gzipSync(Buffer.alloc(64 << 20)))}`, 'gzip'],
  ])('is refused: %s', (_name, source, compression) => {
    expect(decodeDataUrl(source, compression).ok).toBe(false);
  });
});
