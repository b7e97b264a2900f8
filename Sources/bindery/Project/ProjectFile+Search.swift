import Glibc
import Printable
import SystemIO

extension ProjectFile {
    /// Why a project file isn't taken.
    struct Refusal: Equatable {
        let path: String
        let reason: String
    }

    /// Reads the file that `--project` names, whoever it belongs to.
    ///
    /// Throws ``UsageError`` for what isn't a project file, and ``SystemIO/SystemError``.
    static func read(_ path: String) throws -> ProjectFile {
        try read(File.open(path, O_RDONLY | O_NONBLOCK), path: path)
    }

    /// Searches from a directory up to the root of the work tree, where `.git` is; outside of one only the directory
    /// itself.
    ///
    /// A file is taken only when it and its directory belong to the caller or root, and not everybody may write to the
    /// file;
    /// one that isn't taken ends the search.
    static func search(
        from directory: String,
        caller: uid_t = geteuid()
    ) throws -> (file: ProjectFile?, refusal: Refusal?) {
        for place in places(from: directory) {
            let path = (place == "/" ? "" : place) + "/" + name
            let file: File
            do throws(SystemError) { file = try File.open(path, O_RDONLY | O_NONBLOCK) } catch {
                // A link that leads nowhere was put there to be followed.
                if error.isNotFound, (try? FileStatus.ofLink(path)) == nil { continue }
                throw error
            }
            for (what, status) in [("it", try file.status()), ("its directory", try FileStatus.of(place))]
            where status.owner != caller && status.owner != 0 {
                return (nil, Refusal(path: path, reason: "\(what) belongs to user \(status.owner)"))
            }
            guard try file.status().mode & 0o002 == 0 else {
                return (nil, Refusal(path: path, reason: "everybody may write to it"))
            }
            // With the sticky bit only a file's owner, and the directory's, may put another one in its place.
            guard try [0, 0o1000, 0o1002].contains(FileStatus.of(place).mode & 0o1002) else {
                return (nil, Refusal(path: path, reason: "everybody may write to its directory"))
            }
            return (try read(file, path: path), nil)
        }
        return (nil, nil)
    }

    /// The directory, and those above it up to the one with `.git`; none for a directory that was removed.
    private static func places(from directory: String) -> [String] {
        guard directory.hasPrefix("/") else { return [] }
        var places: [String] = []
        var place = directory
        while true {
            places.append(place)
            if (try? FileStatus.ofLink(place + "/.git")) != nil { return places }
            guard place != "/" else { return [directory] }
            place = Directory.parent(of: place)
        }
    }

    private static func read(_ file: borrowing File, path: String) throws -> ProjectFile {
        let kind = try file.status().kind
        guard kind == .file else { throw UsageError(description: "\(path) is a \(kind.rawValue), and no project file") }
        let bytes = try file.readBytes(limit: largestSize + 1)
        guard bytes.count <= largestSize else {
            throw UsageError(description: "\(path) is too large for a project file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw UsageError(description: "\(path) is not UTF-8")
        }
        let resolved = realpath(Directory.parent(of: path), nil)
        defer { free(resolved) }
        let directory = resolved.map { String(cString: $0) } ?? Directory.parent(of: path)
        return try ProjectFile(parsing: text, path: path, directory: directory)
    }
}
