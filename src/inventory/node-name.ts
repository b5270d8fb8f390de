import { accepted, refused, type Parsed } from '../model';

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/**
 * Reads the name of a Kubernetes Node, a DNS-1123 subdomain: lower-case letters, digits, `-` and `.`, at most 253
 * characters. Such a name is safe as the name of a file.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.33.0/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
 * @returns the name as it is, or the reason for refusing
 * @example `parseNodeName('node01.lab.example')` is accepted, `Node_01` and `../node01` are refused
 */
export function parseNodeName(text: string): Parsed<string> {
  if (text === '') return refused('the name is empty');
  if (text.length > 253) return refused(`the name has ${text.length} characters, 253 at most are allowed`);
  if (/[A-Z]/.test(text)) return refused('names of nodes are in lower case');
  if (!text.split('.').every((label) => LABEL.test(label))) {
    return refused('a name has lower-case letters, digits, `-` and `.` only');
  }
  return accepted(text);
}
