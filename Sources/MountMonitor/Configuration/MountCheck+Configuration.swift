extension MountCheck {
    /// The check that the configuration of a mount asks for.
    init(_ mount: MountConfiguration) {
        path = mount.path
        notEmpty = mount.notEmpty
        writeInterval = mount.write ? mount.writeInterval : nil
        method =
            switch mount.checkType {
            case .canary: .canary(GoPath.join(mount.path, mount.canaryFile))
            case .directory: .directory
            case .mountpoint: .mountpoint(fsType: mount.fsType)
            }
    }
}
