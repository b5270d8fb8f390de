module hostdev.test/kubevirt

go 1.22.0
