import CShims
import Glibc

extension Directory {
    /// What came of a rename that replaces nothing.
    package enum Renaming: Sendable {
        case renamed
        case taken
        case unsupported
    }

    /// Renames unless the name is taken, on every file system; false then.
    package static func renameIfFree(_ source: String, to target: String) throws(SystemError) -> Bool {
        switch try tryRename(source, to: target) {
        case .renamed: return true
        case .taken: return false
        case .unsupported: return try renameByClaim(source, to: target)
        }
    }

    /// The same for a file system that can't do that in one step: an empty file or directory takes the name first.
    package static func renameByClaim(_ source: String, to target: String) throws(SystemError) -> Bool {
        let isDirectory = try FileStatus.ofLink(source).kind == .directory
        do throws(SystemError) {
            if isDirectory {
                guard mkdir(target, 0o700) == 0 else { throw SystemError(call: "create the directory", path: target) }
            } else {
                _ = try File.open(target, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            }
        } catch  where error.isAlreadyThere {
            return false
        }
        do {
            try rename(source, to: target)
        } catch {
            _ = isDirectory ? rmdir(target) : unlink(target)
            throw error
        }
        return true
    }

    /// Renames unless the name is taken, in one step (`renameat2`).
    package static func tryRename(_ source: String, to target: String) throws(SystemError) -> Renaming {
        guard shim_renameat2_noreplace(AT_FDCWD, source, AT_FDCWD, target) != 0 else { return .renamed }
        switch errno {
        case EEXIST: return .taken
        case EINVAL, ENOSYS, EOPNOTSUPP: return .unsupported
        default: throw SystemError(call: "rename to", path: target)
        }
    }
}
