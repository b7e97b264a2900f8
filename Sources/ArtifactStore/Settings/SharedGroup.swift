import SystemIO

/// The group that a store is shared with.
package struct SharedGroup: Sendable, Hashable {
    /// Its name; nil where this machine, or the one that made the backup, has none for it.
    package let name: String?

    init(name: String?) { self.name = name }
}

extension Store {
    /// The group that the store is shared with; nil for a store that isn't shared.
    func sharedGroup() throws(StoreError) -> SharedGroup? {
        guard try sharing() == .group else { return nil }
        let group = try system { () throws(SystemError) in try FileStatus.of(paths.root).group }
        return SharedGroup(name: GroupFile.name(of: group))
    }

    /// Shares a store that was just restored with the group that its former one was shared with; whether it is.
    ///
    /// Only a group of that name will do: the user's own may have other members.
    func share(with group: SharedGroup) throws(StoreError) -> Bool {
        guard let number = group.name.flatMap({ GroupFile.group(named: $0) }) else { return false }
        let status = try system { () throws(SystemError) in try FileStatus.of(paths.root) }
        // Whoever isn't in the group can't give it a file.
        guard (try? Directory.setMode(paths.root, status.mode, group: number)) != nil else { return false }
        return try setSharing(.group) != nil
    }
}
