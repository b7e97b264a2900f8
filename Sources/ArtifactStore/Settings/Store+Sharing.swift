import SystemIO

extension Store {
    /// Changes who may write to the store, with an event; nil when it was so.
    ///
    /// What isn't as the setting says, after a crash for example, is set again without an event. Throws
    /// ``StoreError/notShared(_:)``, with nothing changed, when some of it is another user's.
    package func setSharing(_ sharing: StoreOptions.Sharing) throws(StoreError) -> SettingChange? {
        guard isWritable else { throw .readOnly(path: paths.root) }
        let before = try self.sharing()
        guard before != sharing || sharing == .group else { return nil }
        let places = try system { () throws(SystemError) in try SharedPlace.all(of: paths, sharing) }
        let pending = places.filter { !$0.isDone }
        let foreign = pending.filter { !$0.isChangeable }
        guard foreign.isEmpty else { throw .notShared(foreign.map(\.path)) }
        let change =
            before == sharing
            ? nil : SettingChange(name: "shared", before: before.rawValue, after: sharing.rawValue)
        if let change {
            let (time, actor) = (now, options.actor)
            try index.write { try change.append(at: time, by: actor, in: $0) }
        }
        // Only now are the files beside the index there for certain.
        try system { () throws(SystemError) in
            for place in try SharedPlace.all(of: paths, sharing) where !place.isDone { try place.set() }
        }
        return change
    }

    /// Who may write to the store, as the modes of its files say.
    func sharing() throws(StoreError) -> StoreOptions.Sharing {
        let (directory, file) = try system { () throws(SystemError) in
            (try FileStatus.of(paths.blobs).mode, try FileStatus.of(paths.index).mode)
        }
        return directory & 0o2020 == 0o2020 && file & 0o020 != 0 ? .group : .umask
    }
}
