import ArtifactStore
import ImageFileSystem
import OCI

/// The names that released files go by, to tell which file stands where a released one should.
///
/// A file's last name fits a released artifact when it is the last component of what was released, that with
/// `-OS-ARCH[-VARIANT]` behind it as contexts name it, or the name of the file that was put. Only programs fit
/// programs.
struct ReleasedNames {
    private struct Entry {
        let name: RepositoryName
        let isProgram: Bool
    }

    private var byFileName: [[UInt8]: Entry] = [:]

    init(_ names: [ReleasedFileName]) {
        for item in names {
            let entry = Entry(name: item.name, isProgram: item.isProgram)
            for key in [item.name.lastComponent, item.fileName] {
                // Where two names share a file name, a program's wins: what runs matters more.
                if byFileName[Array(key.utf8)]?.isProgram != true { byFileName[Array(key.utf8)] = entry }
            }
        }
    }

    /// The released program that a file's last name fits; nil when there is none.
    func fitting(program lastName: [UInt8]) -> RepositoryName? {
        let entry = byFileName[lastName] ?? byFileName[Self.withoutPlatform(lastName)]
        return entry?.isProgram == true ? entry?.name : nil
    }

    /// The released name that a loose file's name fits; nil when there is none.
    func fitting(fileName: [UInt8]) -> RepositoryName? {
        (byFileName[fileName] ?? byFileName[Self.withoutPlatform(fileName)])?.name
    }

    /// The names by which a release may know a program that goes by a name of its own.
    static func candidates(_ fileName: [UInt8]) -> [[UInt8]] {
        let short = withoutPlatform(fileName)
        return short == fileName ? [fileName] : [fileName, short]
    }

    private static let linux = Array("linux".utf8)[...]

    // `mount-monitor-linux-amd64`, `mount-monitor-linux-arm-v7`.
    private static func withoutPlatform(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(UInt8(ascii: "-")) else { return name }
        let parts = name.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let os = parts.lastIndex(of: linux), os > 0,
            (2...3).contains(parts.count - os)
        else { return name }
        return Array(parts[..<os].joined(separator: [UInt8(ascii: "-")]))
    }
}
