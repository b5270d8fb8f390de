# What cloud-init's own modules make of user data: `python3 cloud-init.py FILE`, run by cloud-init's interpreter. Nothing is written, run
# or shut down; what would be is printed as JSON.
import inspect
import json
import logging
import sys
from types import SimpleNamespace

from cloudinit import distros, util
from cloudinit.config import cc_power_state_change, cc_runcmd, cc_write_files

written = []


def record(path, content, mode=0o644, omode="wb", **_):
    written.append({"path": path, "omode": omode, "mode": mode, "text": util.decode_binary(content)})


util.write_file = record
util.chownbyname = lambda path, user=None, group=None: written[-1].update(owner="%s:%s" % (user, group))

distro = distros.fetch("debian")("debian", {}, None)
cloud = SimpleNamespace(distro=distro, get_ipath=lambda name: "/" + name)
config = util.load_yaml(open(sys.argv[1]).read())


def handle(module):
    arguments = ["test", config, cloud, logging.getLogger("test"), []]
    # later releases have no parameter for the log
    if len(inspect.signature(module.handle).parameters) == 4:
        del arguments[3]
    module.handle(*arguments)


handle(cc_write_files)
files = written[:]
handle(cc_runcmd)
shutdown, _, condition = cc_power_state_change.load_power_state(config, distro)
print(json.dumps({"files": files, "script": written[-1], "shutdown": shutdown, "condition": condition}))
