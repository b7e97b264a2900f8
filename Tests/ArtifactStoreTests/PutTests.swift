import ArtifactStore
import ContentAddress
import Foundation
import Glibc
import OCI
import Release
import Synchronization
import SystemIO
import Testing

@Suite struct PutTests {
    let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    @Test(arguments: [0, 1, 4095, 262_143, 262_144, 262_145, 3_000_000])
    func storesBytesUnderTheirDigestReadOnly(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
        let store = try fixture.store()
        let result = try store.put([fixture.request(fixture.file("agent", bytes))])[0]
        #expect(result.isNew)
        #expect(result.artifact.digest == Digest.of(bytes))
        #expect(result.artifact.size == Int64(count))
        let path = store.paths.blob(result.artifact.digest)
        #expect(try fixture.bytes(path) == bytes)
        #expect(try FileStatus.of(path).mode == 0o444)
        #expect(try Directory.names(in: store.paths.staging).isEmpty)
    }

    @Test func sameBytesAgainChangeNothing() throws {
        let store = try fixture.store()
        let path = try fixture.file("agent", "one")
        let first = try store.put([fixture.request(path)])[0]
        let second = try store.put([fixture.request(path)])[0]
        #expect(!second.isNew)
        #expect(second.artifact == first.artifact)
        #expect(try store.events().count == 1)
    }

    @Test func aLostBlobComesBackWhenItsBytesArePutAgain() throws {
        let store = try fixture.store()
        let request = try fixture.request(fixture.file("agent", "one"))
        let artifact = try store.put([request])[0].artifact
        try Directory.remove(store.paths.blob(artifact.digest))
        #expect(try store.verify().faults.map(\.kind) == [.missing])
        #expect(try !store.put([request])[0].isNew)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func otherBytesUnderTheKeyAreAConflictAndLeaveNothing() throws {
        let store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("agent", "one"))])
        let other = try fixture.file("other", "two")
        let error = #expect(throws: StoreError.self) { try store.put([fixture.request(other)]) }
        guard case .conflict(let released, let offered, let path)? = error else {
            Issue.record("a conflict is expected, not \(error.map { "\($0)" } ?? "success")")
            return
        }
        #expect(released.digest == Digest.of("one"))
        #expect(offered == Digest.of("two"))
        #expect(path == other)
        #expect(error?.kind == .conflict)
        #expect(fixture.blobNames == [Digest.of("one").hex])
    }

    @Test func removedKeysStayClosedForOtherBytes() throws {
        let store = try fixture.store()
        let path = try fixture.file("agent", "one")
        _ = try store.put([fixture.request(path)])
        let release = try ReleaseKey(parsing: "agent@1.2.3")
        _ = try store.remove(release, reason: "wrong branch")
        #expect(try store.artifacts(of: release).isEmpty)
        #expect(try store.tombstones(of: release).map(\.reason) == ["wrong branch"])
        let error = #expect(throws: StoreError.self) {
            try store.put([fixture.request(fixture.file("other", "two"))])
        }
        #expect(error?.kind == .conflict)
        #expect(try store.put([fixture.request(path)])[0].isNew, "the same bytes may come back")
        #expect(try store.events().map { $0["what"] } == ["put", "remove", "put"])
    }

    @Test func aBatchIsStoredWholeOrNotAtAll() throws {
        let store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("taken", "one"), "b@1")])
        let requests = try [
            fixture.request(fixture.file("a", "a"), "a@1"), fixture.request(fixture.file("b", "b"), "b@1"),
        ]
        #expect(throws: StoreError.self) { try store.put(requests) }
        #expect(try store.releases().map { "\($0.key)" } == ["b@1"])
        #expect(try store.events().count == 1)
    }

    @Test func aLargeBatchIsStored() throws {
        let store = try fixture.store()
        let requests = try (0..<600).map { number in
            try fixture.request(fixture.file("f\(number)", "content \(number % 500)"), "n\(number)@1")
        }
        #expect(try store.put(requests).filter(\.isNew).count == 600)
        #expect(fixture.blobNames.count == 500)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func oneKeyTwiceInACallWithOtherBytesIsRefused() throws {
        let store = try fixture.store()
        let requests = try [fixture.request(fixture.file("a", "a")), fixture.request(fixture.file("b", "b"))]
        let error = #expect(throws: StoreError.self) { try store.put(requests) }
        guard case .duplicateKey(_, let paths)? = error else {
            Issue.record("a duplicate key is expected")
            return
        }
        #expect(paths.count == 2)
        #expect(try store.releases().isEmpty)
    }

    @Test(arguments: [1, 100_000, 900_000])
    func aFileThatChangesWhileItIsReadIsRefused(size: Int) throws {
        let store = try fixture.store()
        let path = try fixture.file("agent", [UInt8](repeating: 7, count: size))
        let error = #expect(throws: StoreError.self) {
            try store.put([fixture.request(path)]) { _ in
                guard let file = try? File.open(path, O_WRONLY | O_APPEND) else { return }
                try? [UInt8(1)].withUnsafeBytes { try file.write($0) }
            }
        }
        guard case .sourceChanged? = error else {
            Issue.record("a changed source is expected, not \(error.map { "\($0)" } ?? "success")")
            return
        }
        #expect(fixture.blobNames.isEmpty)
    }

    @Test(
        "a file that only gets another mode or name while it is read is read again, once",
        arguments: [(1, true), (2, false)]
    )
    func metadata(changes: Int, isPut: Bool) throws {
        let store = try fixture.store()
        let path = try fixture.file("agent", [UInt8](repeating: 7, count: 900_000))
        let state = Mutex((count: 0, total: Int64(0), isFirst: true))
        func put() throws -> [PutResult] {
            try store.put([fixture.request(path)]) { bytes in
                state.withLock { state in
                    state.total += bytes
                    defer { state.isFirst = bytes < 0 }
                    guard state.isFirst, state.count < changes else { return }
                    state.count += 1
                    // Times of change go by the kernel's clock, which stands still for some milliseconds.
                    usleep(20_000)
                    try? Directory.setMode(path, state.count.isMultiple(of: 2) ? 0o600 : 0o640)
                }
            }
        }
        guard isPut else {
            let error = #expect(throws: StoreError.self) { try put() }
            guard case .sourceChanged? = error else { return #expect(Bool(false), "\(String(describing: error))") }
            return
        }
        #expect(try put()[0].artifact.size == 900_000)
        #expect(state.withLock { $0.total } == 900_000)
    }

    @Test("a file whose bytes change once is refused, with another time or its own", arguments: [false, true])
    func bytes(keepsTime: Bool) throws {
        let store = try fixture.store()
        let path = try fixture.file("agent", [UInt8](repeating: 7, count: 900_000))
        let time: Int64 = 1_000_000_000
        try File.open(path, O_WRONLY).setModified(time)
        let isChanged = Mutex(false)
        let error = #expect(throws: StoreError.self) {
            try store.put([fixture.request(path)]) { _ in
                isChanged.withLock { isChanged in
                    let flags = O_WRONLY | (keepsTime ? O_APPEND : 0)
                    guard !isChanged, let file = try? File.open(path, flags) else { return }
                    isChanged = true
                    usleep(20_000)
                    try? file.write([1])
                    if keepsTime { try? file.setModified(time) }
                }
            }
        }
        guard case .sourceChanged? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(fixture.blobNames.isEmpty)
    }

    @Test func holesStayHoles() throws {
        let store = try fixture.store()
        let path = try fixture.file("sparse", "start")
        let size: Int64 = 64 << 20
        try File.open(path, O_WRONLY).setSize(size)
        let artifact = try store.put([fixture.request(path)])[0].artifact
        #expect(artifact.size == size)
        let status = try FileStatus.of(store.paths.blob(artifact.digest))
        #expect(status.size == size)
        #expect(status.allocatedSize < 4 << 20)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test(arguments: ["directory", "pipe", "socket", "device", "missing", "unreadable", "dangling link"])
    func whatIsNoReadableFileIsRefusedWithoutWaiting(kind: String) throws {
        let store = try fixture.store()
        let path = fixture.directory + "/thing"
        switch kind {
        case "directory": try Directory.create(path)
        case "pipe": #expect(mkfifo(path, 0o644) == 0)
        case "socket": try bindSocket(path)
        case "device": #expect(symlink("/dev/zero", path) == 0)
        case "unreadable":
            // Root may read any file: a directory that only proc can make unreadable stands in for it.
            guard getuid() != 0 else { return #expect(symlink("/proc/self/mem", path) == 0) }
            _ = try fixture.file("thing", [1], mode: 0)
        case "dangling link": #expect(symlink("/nonexistent", path) == 0)
        default: break
        }
        #expect(throws: StoreError.self) { try store.put([fixture.request(path)]) }
        #expect(try store.releases().isEmpty)
    }

    private func bindSocket(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(status == 0)
    }

    @Test func aLinkIsFollowedAndKeepsItsOwnName() throws {
        let store = try fixture.store()
        let target = try fixture.file("agent-1.2.3", "one")
        #expect(symlink(target, fixture.directory + "/agent") == 0)
        let artifact = try store.put([fixture.request(fixture.directory + "/agent")])[0].artifact
        #expect(artifact.fileName == "agent")
        #expect(artifact.digest == Digest.of("one"))
    }

    @Test(arguments: ["", ".", "..", "a/b", "a\u{0}b", "a\nb", "a\u{7f}", String(repeating: "x", count: 256)])
    func fileNamesThatCannotStandInAContextAreRefused(name: String) throws {
        let store = try fixture.store()
        var request = try fixture.request(fixture.file("agent", "one"))
        request.fileName = name
        let error = #expect(throws: StoreError.self) { try store.put([request]) }
        #expect(error?.kind == .usage)
    }

    @Test func programsBecomeExecutableAndOthersDoNot() throws {
        let store = try fixture.store()
        let script = try fixture.file("run", Array("#!/bin/sh\n".utf8), mode: 0o750)
        let text = try fixture.file("text", "text")
        #expect(try store.put([fixture.request(script, "a@1")])[0].artifact.mode == 0o755)
        #expect(try store.put([fixture.request(text, "b@1")])[0].artifact.mode == 0o644)
    }

    @Test func theVersionMustStandInTheBytesWhereThatIsAsked() throws {
        let store = try fixture.store()
        var request = try fixture.request(fixture.file("agent", "agent 1.2.2, built for you"))
        request.expectedText = "1.2.3"
        let error = #expect(throws: StoreError.self) { try store.put([request]) }
        guard case .versionNotInFile? = error else {
            Issue.record("a missing version is expected")
            return
        }
        request.expectedText = "1.2.2"
        #expect(try store.put([request])[0].isNew)
    }

    @Test func twoWritersOfOneKeyAgreeOnOneDigest() async throws {
        let fixture = fixture
        let paths = try (0..<8).map { try fixture.file("f\($0)", "content \($0 % 2)") }
        let outcomes = await withTaskGroup(of: Digest?.self) { group in
            for path in paths {
                group.addTask {
                    let store = try? fixture.store()
                    let request = try? fixture.request(path)
                    guard let store, let request else { return nil }
                    return try? store.put([request])[0].artifact.digest
                }
            }
            return await group.reduce(into: [Digest?]()) { $0.append($1) }
        }
        #expect(Set(outcomes.compactMap(\.self)).count == 1)
        #expect(outcomes.filter { $0 != nil }.count == 4, "the four with the released bytes succeed")
        let store = try fixture.store()
        #expect(try store.events().count == 1)
        #expect(try store.verify().faults.isEmpty)
    }
}
