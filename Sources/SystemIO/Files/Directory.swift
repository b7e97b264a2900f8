import CShims
package import Glibc

/// What is done to directories and names.
package enum Directory {
    /// Where temporary files go: `TMPDIR`, else /var/tmp, as /tmp is memory on many systems.
    package static var temporary: String {
        guard let name = getenv("TMPDIR"), name.pointee != 0 else { return "/var/tmp" }
        return String(cString: name)
    }

    /// The process's working directory; throws where it is gone.
    package static func current() throws(SystemError) -> String {
        guard let path = getcwd(nil, 0) else { throw SystemError(call: "find the working directory", path: ".") }
        defer { free(path) }
        return String(cString: path)
    }

    /// Makes a directory; one that is there already isn't an error.
    package static func create(_ path: String, mode: mode_t = 0o755) throws(SystemError) {
        guard mkdir(path, mode) != 0, errno != EEXIST else { return }
        throw SystemError(call: "create the directory", path: path)
    }

    /// Makes a directory and those above it.
    package static func createWithParents(_ path: String, mode: mode_t = 0o755) throws(SystemError) {
        do {
            try create(path, mode: mode)
        } catch  where error.code == ENOENT && !path.isEmpty && path != "/" {
            try createWithParents(parent(of: path), mode: mode)
            try create(path, mode: mode)
        }
    }

    /// Where a chain of symbolic links leads, whether or not something is there; the path itself when it isn't a link.
    package static func following(_ path: String) throws(SystemError) -> String {
        var place = path
        // As many as Linux follows (path_resolution(7)).
        for _ in 0..<40 {
            guard (try? FileStatus.ofLink(place))?.kind == .symbolicLink else { return place }
            var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(place, &bytes, bytes.count)
            guard count >= 0 else { throw SystemError(call: "read the link", path: place) }
            let target = String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
            place = target.hasPrefix("/") ? target : parent(of: place) + "/" + target
        }
        throw SystemError(call: "follow", path: path, code: ELOOP)
    }

    /// Sets a directory's permission bits, whatever the umask.
    package static func setMode(_ path: String, _ mode: mode_t) throws(SystemError) {
        guard chmod(path, mode) == 0 else { throw SystemError(call: "set the mode of", path: path) }
    }

    /// Sets the permission bits of a file or directory and, where one is given, its group.
    package static func setMode(_ path: String, _ mode: mode_t, group: gid_t?) throws(SystemError) {
        // Before the mode: a change of the group takes the set-group-id bit off a file.
        if let group, try FileStatus.of(path).group != group {
            guard chown(path, .max, group) == 0 else { throw SystemError(call: "set the group of", path: path) }
        }
        try setMode(path, mode)
    }

    /// Waits until the names in a directory are on stable storage.
    package static func sync(_ path: String) throws(SystemError) {
        try File.open(path, O_RDONLY | O_DIRECTORY).sync()
    }

    /// The names in a directory without `.` and `..`, sorted by their bytes.
    package static func names(in path: String) throws(SystemError) -> [String] {
        var names: [String] = []
        do {
            try forEachName(in: path) { names.append($0) }
        } catch let error as SystemError {
            throw error
        } catch {
            throw SystemError(call: "list", path: path, code: EIO)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Calls back with each name in a directory, in no order, without `.` and `..`: for directories too large to list.
    ///
    /// A name that is made or removed meanwhile may or may not be among them. Throws ``SystemError``, and what `body`
    /// throws.
    package static func forEachName(in path: String, _ body: (String) throws -> Void) throws {
        guard let stream = opendir(path) else { throw SystemError(call: "list", path: path) }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { try body(name) }
            errno = 0
        }
        guard errno == 0 else { throw SystemError(call: "list", path: path) }
    }

    /// Renames, replacing what stands there.
    package static func rename(_ source: String, to target: String) throws(SystemError) {
        guard Glibc.rename(source, target) == 0 else { throw SystemError(call: "rename to", path: target) }
    }

    /// Swaps two names in one step.
    package static func exchange(_ first: String, _ second: String) throws(SystemError) {
        guard shim_renameat2_exchange(AT_FDCWD, first, AT_FDCWD, second) == 0 else {
            throw SystemError(call: "exchange", path: second)
        }
    }

    /// Removes a name; one that isn't there isn't an error.
    package static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) != 0, errno != ENOENT else { return }
        throw SystemError(call: "remove", path: path)
    }

    /// Removes a directory and all that is in it, without following symbolic links; one that isn't there isn't an error.
    package static func removeTree(_ path: String) throws(SystemError) {
        do {
            guard try FileStatus.ofLink(path).kind == .directory else { return try remove(path) }
        } catch {
            guard error.isNotFound else { throw error }
            return
        }
        for name in try names(in: path) {
            try removeTree(path + "/" + name)
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw SystemError(call: "remove", path: path) }
    }

    /// The path without its last component: `.` for a bare name, `/` for the root.
    package static func parent(of path: String) -> String {
        let trimmed = path.reversed().drop { $0 == "/" }
        let parent = trimmed.drop { $0 != "/" }.drop { $0 == "/" }
        if parent.isEmpty { return path.hasPrefix("/") ? "/" : "." }
        return String(parent.reversed())
    }

    /// The last component of a path: the whole text when there is no slash.
    package static func lastComponent(of path: String) -> String {
        String(path.reversed().drop { $0 == "/" }.prefix { $0 != "/" }.reversed())
    }
}
