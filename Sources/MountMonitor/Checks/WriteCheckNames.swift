import Synchronization

/// Names the files of write checks: two mounts of one pod may lead to one directory, and so may those of two pods.
final class WriteCheckNames: Sendable {
    private let owner: String
    private let given = Mutex(0)

    /// Names with the pod's UID where the manifest sets POD_UID, else with its name, else with the machine's.
    init(_ environment: (String) -> String?) {
        let name = environment("POD_UID") ?? environment("POD_NAME") ?? OperatingSystem.hostName
        let safe = name.unicodeScalars.filter {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "-" || $0 == "."
        }
        owner = String(String.UnicodeScalarView(safe.prefix(100)))
    }

    /// Another name at each call, and the same ones in each run, which finds what an earlier one left behind.
    func next() -> String {
        let number = given.withLock { number in
            defer { number += 1 }
            return number
        }
        return WriteCheck.prefix + owner + (number == 0 ? "" : "+\(number)")
    }
}
