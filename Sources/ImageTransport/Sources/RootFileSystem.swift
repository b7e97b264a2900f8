import Archive
import Glibc
import OCI
import SystemIO

/// A root file system that lies in a directory, as an image of one layer.
///
/// The directory is walked without following symbolic links, and never left: each name is opened relative to its open
/// parent. Names are bytes; capabilities and the attributes of overlays and users are read. Special files are listed,
/// not opened. What can't be read is in the source's ``ImageSource/unread``.
enum RootFileSystem {
    /// Packs a directory into a file without a name, and makes an image of it.
    ///
    /// Its platform is this machine's: a directory doesn't say. Throws ``TransportError/spent(what:_:)`` where its
    /// files are larger than the budget allows.
    static func source(_ path: String, budget: WorkBudget = WorkBudget()) throws(TransportError) -> SingleLayerSource {
        let platform: Platform
        do {
            platform = try Platform(os: "linux", architecture: machine)
        } catch {
            throw .document(what: path, reason: "\(error)")
        }
        do {
            guard try FileStatus.of(path).kind == .directory else {
                throw TransportError.notFound(what: "directory", place: path)
            }
            let packer = try Packer(budget: budget)
            let root = try File.open(path, O_RDONLY | O_DIRECTORY)
            try packer.pack(root, path: [])
            let packed = try packer.finish()
            return try SingleLayerSource(
                packed,
                platform: platform,
                execution: nil,
                name: "rootfs:\(path)",
                unread: packer.unread
            )
        } catch let error as TransportError {
            throw error
        } catch let error as SystemError {
            throw error.isNotFound ? .notFound(what: "directory", place: path) : .system(error)
        } catch {
            throw .document(what: path, reason: "\(error)")
        }
    }

    private static var machine: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
