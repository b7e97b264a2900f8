package import ArtifactStore
import ContentAddress
import Glibc
package import Release
import SystemIO

/// Writes contexts: whole or not at all.
///
/// The tree is made beside its place under a hidden name, each file a copy inside the kernel (a clone where the file
/// system can), each stored blob hashed beside it unless it is known to be unchanged since it was hashed. Only then it
/// gets its name, in one step. It isn't synced to stable storage: a context is made again from the store in no time,
/// and ``ContextRecord`` tells whether it is whole.
package struct ContextWriter: Sendable {
    private let store: Store
    /// The time that all files get, in seconds since 1970.
    ///
    /// A fixed one: engines copy it into images.
    private let epoch: Int64

    /// A writer that takes its files from a store.
    package init(store: Store, epoch: Int64 = 0) {
        self.store = store
        self.epoch = epoch
    }

    /// Writes a context to a directory, which may be missing, empty, or an earlier context; gives the record in it.
    ///
    /// Calls `progress` with further counts of bytes, from several threads.
    ///
    /// Throws ``AssemblerError/outputNotOurs(path:reason:)`` when something else is there, and a file that the earlier
    /// context's own record doesn't prove to be its own; what the store and the system failed at, with the directory
    /// left as it was; and ``AssemblerError/leftBehind(path:rest:)`` when something came into the earlier context while
    /// it was replaced.
    @discardableResult
    package func write(
        _ plan: ContextPlan,
        to path: String,
        progress: @Sendable (Int64) -> Void = { _ in }
    ) throws(AssemblerError) -> ContextRecord {
        try write([("", plan)], to: path, progress)
        return ContextRecord(plan)
    }

    /// Writes several contexts to subdirectories of one, all or none: where a name is empty, the directory itself is
    /// the context.
    ///
    /// Replaces and throws as ``write(_:to:progress:)`` does; the directory may hold earlier contexts in
    /// subdirectories.
    package func write(
        _ plans: [(directory: String, plan: ContextPlan)],
        to path: String,
        _ progress: @Sendable (Int64) -> Void = { _ in }
    ) throws(AssemblerError) {
        let target = try resolve(path)
        let former = try former(in: target)
        let number = UInt64.random(in: .min ... .max)
        let staging = "\(Directory.parent(of: target))/.\(Directory.lastComponent(of: target)).\(number).partial"
        do throws(AssemblerError) {
            try system { () throws(SystemError) in
                try Interruption.leaving(staging) { () throws(SystemError) in try Directory.create(staging) }
            }
            for (name, plan) in plans {
                let directory = name.isEmpty ? staging : staging + "/" + name
                if !name.isEmpty { try system { () throws(SystemError) in try Directory.create(directory) } }
                try fill(directory, plan, progress)
            }
            try system { () throws(SystemError) in try settle(staging) }
            try place(staging, at: target, former)
        } catch {
            try? Directory.removeTree(staging)
            Interruption.keep(staging)
            throw error
        }
        let isGone = !former.isThere || (former.context?.remove(from: staging) ?? (rmdir(staging) == 0))
        Interruption.keep(staging)
        guard isGone else { throw .leftBehind(path: target, rest: staging) }
    }

    private func place(
        _ staging: String,
        at target: String,
        _ former: (isThere: Bool, context: FormerContext?)
    ) throws(AssemblerError) {
        guard former.isThere else {
            let isFree = try system { () throws(SystemError) in try Directory.renameIfFree(staging, to: target) }
            guard isFree else { throw .outputNotOurs(path: target, reason: "it was made meanwhile") }
            return
        }
        // The old context stands under the hidden name then, perhaps with something that isn't ours.
        try system { () throws(SystemError) in
            try Interruption.leaving(staging) { () throws(SystemError) in
                try Directory.exchange(staging, target)
            } undo: {
                _ = former.context?.remove(from: staging) ?? (rmdir(staging) == 0)
            }
        }
    }

    // A link to a directory is followed: the directory is replaced, not the link.
    private func resolve(_ path: String) throws(AssemblerError) -> String {
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            return String(cString: resolved)
        }
        guard errno == ENOENT else { throw .system(SystemError(call: "find", path: path)) }
        let parent = Directory.parent(of: path)
        try system { () throws(SystemError) in try Directory.createWithParents(parent) }
        return parent + "/" + Directory.lastComponent(of: path)
    }

    /// The context that stands in a directory; nil when the directory is empty.
    ///
    /// `isThere` says whether there is a directory at all.
    private func former(in target: String) throws(AssemblerError) -> (isThere: Bool, context: FormerContext?) {
        let kind: FileStatus.Kind
        do {
            kind = try FileStatus.ofLink(target).kind
        } catch  where error.isNotFound {
            return (false, nil)
        } catch {
            throw .system(error)
        }
        guard kind == .directory else { throw .outputNotOurs(path: target, reason: "it is a \(kind.rawValue)") }
        return (true, try FormerContext(in: target))
    }

    private func fill(
        _ directory: String,
        _ plan: ContextPlan,
        _ progress: @Sendable (Int64) -> Void
    ) throws(AssemblerError) {
        let record = ContextRecord(plan)
        let subdirectories = Self.directories(of: plan.files).map { directory + "/" + $0 }
        try system { () throws(SystemError) in
            for subdirectory in subdirectories { try Directory.create(subdirectory) }
        }
        try copy(plan.files, to: directory, progress)
        try system { () throws(SystemError) in
            try write(plan.contextDockerfile, to: directory + "/" + ContextFile.dockerfileName)
            if plan.isRewritten {
                try write(plan.dockerfileBytes, to: directory + "/" + ContextFile.originalName)
            }
            try write(Array(record.ignoreText.utf8), to: directory + "/" + ContextFile.ignoreName)
            try write(record.bytes, to: directory + "/" + ContextRecord.fileName)
            // What is made in a directory changes its time: the deepest ones come first.
            for made in subdirectories.reversed() + [directory] { try settle(made) }
        }
    }

    /// Gives a directory that is complete its mode and time.
    private func settle(_ directory: String) throws(SystemError) {
        let file = try File.open(directory, O_RDONLY | O_DIRECTORY)
        try file.setMode(0o755)
        try file.setModified(epoch)
    }

    /// The directories that the files stand in, each before those in it.
    private static func directories(of files: [ContextFile]) -> [String] {
        var found: Set<String> = []
        for file in files {
            var path = file.name
            while let slash = path.lastIndex(of: "/") {
                path = String(path[..<slash])
                found.insert(path)
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try File.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        try file.write(bytes)
        try file.setMode(0o644)
        try file.setModified(epoch)
    }

    // Copying and hashing are two jobs for each file, and all jobs are shared by the processors. The hashes come first,
    // because they take longer. A blob that no system call has changed since it was hashed isn't hashed again.
    private func copy(
        _ files: [ContextFile],
        to directory: String,
        _ progress: @Sendable (Int64) -> Void
    ) throws(AssemblerError) {
        var unknown: [ContextFile] = []
        for file in files {
            if try store.isKnown(file.digest, size: file.size) { progress(file.size) } else { unknown.append(file) }
        }
        let hashed = unknown
        let checked = try Parallel.map(Array(0..<hashed.count + files.count), width: Parallel.coreCount) {
            job throws(AssemblerError) -> (digest: Digest, status: FileStatus)? in
            guard job < hashed.count else {
                try copy(files[job - hashed.count], to: directory)
                return nil
            }
            return (hashed[job].digest, try store.checkBlob(hashed[job].digest, progress))
        }
        // Only a shortcut for the next time: a store that can't record it loses nothing.
        try? store.noteUnchanged(checked.compactMap(\.self))
    }

    private func copy(_ file: ContextFile, to directory: String) throws(AssemblerError) {
        let source = try store.opened(file.digest)
        try system { () throws(SystemError) in
            let target = try File.open(directory + "/" + file.name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            let before = try source.status()
            try target.copyContents(of: source, expectedSize: file.size)
            // What is written to the blob while it is copied isn't what was hashed.
            guard try source.status() == before else {
                throw SystemError(call: "read", path: source.path, code: EIO, detail: "it changed meanwhile")
            }
            try target.setMode(mode_t(file.mode))
            try target.setModified(epoch)
        }
    }
}
