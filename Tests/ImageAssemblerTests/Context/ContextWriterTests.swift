import ArtifactStore
import ContentAddress
import Glibc
import ImageAssembler
import OCI
import Release
import Synchronization
import SystemIO
import Testing

@Suite struct ContextWriterTests {
    private let dockerfile = "FROM scratch\nARG TARGETARCH\nCOPY tool-linux-$TARGETARCH ca.pem /\n"
    private let fixture: StoreFixture
    private let plan: ContextPlan

    init() throws {
        fixture = try StoreFixture()
        let artifacts = [
            try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("amd".utf8), mode: 0o755),
            try fixture.put("tool", "1.0.0", "linux/arm64", bytes: Array("arm".utf8), mode: 0o700),
            try fixture.put("ca.pem", "1.0.0", "any", bytes: []),
        ]
        plan = try PlanFixture.plan(dockerfile, PlanFixture.releases(artifacts))
    }

    private var target: String { fixture.root + "/out/context" }

    @Test func writesTheFilesWithTheirModesAndTheRecord() throws {
        let record = try ContextWriter(store: fixture.store).write(plan, to: target)
        let names = [
            ".dockerignore", "Dockerfile", "bindery-context.json", "ca.pem", "tool-linux-amd64", "tool-linux-arm64",
        ]
        #expect(try Directory.names(in: target) == names)
        #expect(try Directory.names(in: fixture.root + "/out") == ["context"])
        #expect(try fixture.read(target + "/Dockerfile") == dockerfile)
        #expect(try fixture.read(target + "/tool-linux-amd64") == "amd")
        #expect(try FileStatus.of(target + "/tool-linux-amd64").mode == 0o755)
        #expect(try FileStatus.of(target + "/tool-linux-arm64").mode == 0o700)
        #expect(try FileStatus.of(target + "/ca.pem").mode == 0o644)
        #expect(try FileStatus.of(target).mode == 0o755)
        for name in names { #expect(try FileStatus.of(target + "/" + name).modified == 0) }
        #expect(try fixture.read(target + "/bindery-context.json") == String(decoding: record.bytes, as: UTF8.self))
    }

    @Test func theRecordIsCanonicalAndComplete() throws {
        let text = String(decoding: ContextRecord(plan).bytes, as: UTF8.self)
        let file = Digest.of(dockerfile)
        #expect(
            text.hasPrefix(
                #"{"binderyContext":1,"dockerfile":{"digest":"\#(file)","file":"Dockerfile","size":65},"files":[{"#
            )
        )
        #expect(
            text.contains(
                #"{"digest":"\#(Digest.of("arm"))","file":"tool-linux-arm64","mode":"0700","name":"tool","#
                    + #""platform":"linux/arm64","size":3,"version":"1.0.0"}"#
            )
        )
    }

    @Test(
        "contexts in directories are written together, replaced together, and kept with an unknown file",
        arguments: [true, false]
    )
    func severalContexts(hasStranger: Bool) throws {
        let writer = ContextWriter(store: fixture.store)
        try writer.write([("linux-amd64", plan), ("linux-arm64", plan)], to: target)
        #expect(try Directory.names(in: target) == ["linux-amd64", "linux-arm64"])
        #expect(try FileStatus.of(target).modified == 0)
        #expect(try fixture.read(target + "/linux-arm64/Dockerfile") == dockerfile)
        if hasStranger {
            try File.open(target + "/linux-arm64/mine", O_WRONLY | O_CREAT, mode: 0o644).write([1])
            #expect(throws: AssemblerError.self) { try writer.write([("linux-amd64", plan)], to: target) }
            #expect(try fixture.read(target + "/linux-amd64/Dockerfile") == dockerfile)
        } else {
            try writer.write([("linux-amd64", plan)], to: target)
            #expect(try Directory.names(in: target) == ["linux-amd64"])
            try writer.write(plan, to: target)
            #expect(try Directory.names(in: target).count == 6)
            try writer.write([("linux-amd64", plan)], to: target)
        }
        #expect(try Directory.names(in: fixture.root + "/out") == ["context"])
    }

    @Test func neverSharesAnInodeWithTheStore() throws {
        try ContextWriter(store: fixture.store).write(plan, to: target)
        let blob = fixture.store.paths.blob(.of("amd"))
        #expect(try FileStatus.of(blob).identity != FileStatus.of(target + "/tool-linux-amd64").identity)
        #expect(try FileStatus.of(blob).mode == 0o444)
    }

    @Test func replacesAnEmptyDirectoryAndItsOwn() throws {
        try Directory.createWithParents(target)
        let writer = ContextWriter(store: fixture.store)
        try writer.write(plan, to: target)
        let first = try FileStatus.of(target).identity
        try writer.write(plan, to: target)
        #expect(try FileStatus.of(target).identity != first)
        #expect(try Directory.names(in: fixture.root + "/out") == ["context"])
    }

    @Test func followsALinkToAFolder() throws {
        try Directory.createWithParents(fixture.root + "/real")
        try #require(symlink("real", fixture.root + "/link") == 0)
        try ContextWriter(store: fixture.store).write(plan, to: fixture.root + "/link/")
        #expect(try Directory.names(in: fixture.root + "/real").count == 6)
        #expect(try FileStatus.ofLink(fixture.root + "/link").kind == .symbolicLink)
    }

    @Test(
        "a record removes no file that it doesn't prove to be a context's",
        arguments: [
            "a listed file with other bytes", "another Dockerfile", "a listed link", "a listed directory",
            "a listed name that leads out", "a listed name without a digest", "another list of what engines leave out",
        ]
    )
    func aForgedRecordRemovesNothing(what: String) throws {
        let writer = ContextWriter(store: fixture.store)
        try writer.write(plan, to: target)
        let outside = fixture.root + "/out/x"
        func create(_ path: String, _ text: String) throws {
            try? Directory.remove(path)
            try File.open(path, O_WRONLY | O_CREAT, mode: 0o644).write(Array(text.utf8))
        }
        try create(outside, "outside")
        let digest = Digest.of("outside")
        func forge(_ file: String) throws {
            let text =
                #"{"binderyContext":1,"dockerfile":{"digest":"\#(Digest.of(dockerfile))"},"#
                + #""files":[\#(file)]}"#
            for name in ["ca.pem", "tool-linux-amd64", "tool-linux-arm64"] { try Directory.remove(target + "/" + name) }
            try create(target + "/bindery-context.json", text)
        }
        switch what {
        case "a listed file with other bytes": try create(target + "/tool-linux-amd64", "mine")
        case "another Dockerfile": try create(target + "/Dockerfile", "FROM mine")
        case "another list of what engines leave out": try create(target + "/.dockerignore", "mine")
        case "a listed link":
            try Directory.remove(target + "/tool-linux-amd64")
            try create(fixture.root + "/out/x", "amd")
            try #require(symlink("../x", target + "/tool-linux-amd64") == 0)
        case "a listed directory":
            try forge(#"{"file":"y","digest":"\#(digest)"}"#)
            try Directory.create(target + "/y")
            try create(target + "/y/x", "outside")
        case "a listed name that leads out":
            try forge(#"{"file":"../x","digest":"\#(digest)"},{"file":"\#(outside)","digest":"\#(digest)"}"#)
            // Nothing of it stands in the directory, which is replaced.
            try writer.write(plan, to: target)
            #expect(try fixture.read(outside) == "outside")
            try create(target + "/x", "outside")
        default:
            try forge(#"{"file":"y"}"#)
            try create(target + "/y", "mine")
        }
        let names = try Directory.names(in: target)
        #expect {
            try writer.write(plan, to: target)
        } throws: { error in
            if case AssemblerError.outputNotOurs = error { true } else { false }
        }
        #expect(try Directory.names(in: target) == names)
        #expect(try Directory.names(in: fixture.root + "/out") == ["context", "x"])
    }

    @Test(
        "a context with directories is replaced, and an unknown file in one of them keeps it",
        arguments: [true, false]
    )
    func directories(hasStranger: Bool) throws {
        let text = "FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /tool\n"
        let artifacts = [
            try fixture.put("tool", "2.0.0", "linux/amd64", bytes: Array("amd".utf8), mode: 0o755),
            try fixture.put("tool", "2.0.0", "linux/arm64", bytes: Array("arm".utf8), mode: 0o755),
        ]
        let plan = try PlanFixture.plan(text, PlanFixture.releases(artifacts))
        let writer = ContextWriter(store: fixture.store)
        try writer.write(plan, to: target)
        #expect(try fixture.read(target + "/linux/arm64/tool") == "arm")
        if hasStranger {
            try File.open(target + "/linux/arm64/mine", O_WRONLY | O_CREAT, mode: 0o644).write([1])
            #expect(throws: AssemblerError.self) { try writer.write(plan, to: target) }
            #expect(try Directory.names(in: target + "/linux/arm64") == ["mine", "tool"])
        } else {
            try writer.write(plan, to: target)
        }
        #expect(try Directory.names(in: fixture.root + "/out") == ["context"])
    }

    @Test(arguments: ["an unknown file", "an unknown file beside a context", "a file", "a record that is not a record"])
    func leavesWhatItDidntMake(what: String) throws {
        let writer = ContextWriter(store: fixture.store)
        try Directory.createWithParents(Directory.parent(of: target))
        func create(_ path: String, _ text: String) throws {
            try File.open(path, O_WRONLY | O_CREAT, mode: 0o644).write(Array(text.utf8))
        }
        switch what {
        case "an unknown file":
            try Directory.create(target)
            try create(target + "/notes.txt", "mine")
        case "an unknown file beside a context":
            try writer.write(plan, to: target)
            try create(target + "/notes.txt", "mine")
        case "a file": try create(target, "mine")
        default:
            try Directory.create(target)
            try create(target + "/bindery-context.json", #"{"binderyContext":"one"}"#)
        }
        let before = try? Directory.names(in: target)
        #expect {
            try writer.write(plan, to: target)
        } throws: { error in
            guard case AssemblerError.outputNotOurs = error else { return false }
            return true
        }
        #expect((try? Directory.names(in: target)) == before)
        #expect(try Directory.names(in: fixture.root + "/out") == ["context"])
    }

    @Test(arguments: ["altered", "cut short", "gone"])
    func aDamagedBlobLeavesNothing(how: String) throws {
        let blob = fixture.store.paths.blob(.of("arm"))
        try #require(chmod(blob, 0o644) == 0)
        switch how {
        case "altered": try File.open(blob, O_WRONLY).write(Array("aRm".utf8))
        case "cut short": try #require(truncate(blob, 2) == 0)
        default: try Directory.remove(blob)
        }
        let writer = ContextWriter(store: fixture.store)
        #expect(throws: AssemblerError.self) { try writer.write(plan, to: target) }
        #expect(try Directory.names(in: fixture.root + "/out") == [])
    }

    @Test func theSameInputsGiveTheSameTree() async {
        // A process of its own: all threads of one share its umask.
        await #expect(processExitsWith: .success) {
            umask(0o077)
            let tests = try ContextWriterTests()
            try ContextWriter(store: tests.fixture.store, epoch: 1_700_000_000).write(tests.plan, to: tests.target)
            let status = try FileStatus.of(tests.target + "/Dockerfile")
            try #require(status.mode == 0o644)
            try #require(status.modified == 1_700_000_000_000_000_000)
        }
    }

    @Test(arguments: ["altered", "replaced", "touched"])
    func aBlobThatIsKnownToBeUnchangedIsHashedAgainAfterAnyChange(how: String) throws {
        let digest = Digest.of("arm")
        let blob = fixture.store.paths.blob(digest)
        usleep(150_000)
        let options = StoreOptions(
            durable: false,
            actor: "test",
            now: { Timestamp(milliseconds: Int64(time(nil)) * 1000 + 1000) }
        )
        let store = try Store(at: fixture.store.paths.root, options: options)
        let writer = ContextWriter(store: store)
        try writer.write(plan, to: target)
        #expect(try store.isUnchanged(digest, FileStatus.of(blob)))
        let before = try FileStatus.of(blob)
        switch how {
        case "altered":
            try #require(chmod(blob, 0o644) == 0)
            try File.open(blob, O_WRONLY).write(Array("aRm".utf8))
            // Whoever sets the time of change of the content back still leaves a new time of change of the file.
            try File.open(blob, O_WRONLY).setModified(before.modified / 1_000_000_000)
        case "replaced":
            try File.open(blob + ".new", O_WRONLY | O_CREAT, mode: 0o444).write(Array("aRm".utf8))
            try Directory.rename(blob + ".new", to: blob)
        default: try File.open(blob).setModified(0)
        }
        #expect(try !store.isUnchanged(digest, FileStatus.of(blob)))
        if how == "touched" {
            try writer.write(plan, to: target)
        } else {
            #expect(throws: AssemblerError.self) { try writer.write(plan, to: target) }
        }
    }

    @Test(arguments: [Store.defaultGrace, 0])
    func aCollectionMeanwhileLeavesAllOrNothing(grace: Int64) throws {
        let store = fixture.store
        let collected = Mutex<Int?>(nil)
        let release = try ReleaseKey(parsing: "tool@1.0.0")
        func write() throws {
            try ContextWriter(store: store).write(plan, to: target) { _ in
                collected.withLock { count in
                    guard count == nil else { return }
                    _ = try? store.remove(release)
                    count = (try? store.collect(grace: grace))?.blobs.count
                }
            }
        }
        if grace > 0 {
            try write()
            #expect(collected.withLock(\.self) == 0)
        } else {
            // Whatever was open by then is read to its end, so that this may succeed.
            do { try write() } catch { #expect(error is AssemblerError) }
            #expect(collected.withLock(\.self) == 2)
        }
        if try Directory.names(in: fixture.root + "/out") == ["context"] {
            #expect(try fixture.read(target + "/tool-linux-amd64") == "amd")
            #expect(try fixture.read(target + "/tool-linux-arm64") == "arm")
        } else {
            #expect(try Directory.names(in: fixture.root + "/out") == [])
        }
    }

    @Test func aFileThatChangedJustNowIsNotTakenForUnchanged() throws {
        let status = try FileStatus.of(fixture.store.paths.blob(.of("arm")))
        try fixture.store.noteUnchanged([(.of("arm"), status)])
        // The store's clock stands at 0 here, before any change of a file.
        #expect(try !fixture.store.isUnchanged(.of("arm"), status))
    }
}
