import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// What loads a program that runs: its interpreter, and the libraries in the order in which the loader looks for them.
@Suite struct LoadedLibraryTests {
    /// A dynamic program of this machine with what it is loaded by.
    struct System {
        static let program = "/usr/bin/cat"
        static let loader = "/lib64/ld-linux-x86-64.so.2"
        static let library = "/lib/x86_64-linux-gnu/libc.so.6"
        // Elsewhere these are other files; in CI, whose machine has them, a missing one is a failure and no skip.
        static let isExpected =
            ProcessInfo.processInfo.environment["CI"] == "true"
            || [program, loader, library].allSatisfy { FileManager.default.fileExists(atPath: $0) }

        static func bytes(_ path: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: path).resolvingSymlinksInPath()))
        }
    }

    private func withDynamicImage(
        _ execution: [String: JSONValue] = [:],
        _ change: (inout TarBuilder, _ loader: [UInt8], _ library: [UInt8]) throws -> Void,
        _ body: (ImageAudit) throws -> Void
    ) throws {
        try AuditFixture.with { fixture in
            _ = try fixture.store.put([
                PutRequest(
                    source: .path(URL(fileURLWithPath: System.program).resolvingSymlinksInPath().path),
                    name: RepositoryName(parsing: "cat"),
                    version: Version(parsing: "1")
                )
            ])
            var layer = TarBuilder()
            layer.file("bin/cat", try System.bytes(System.program), mode: 0o755)
            try change(&layer, System.bytes(System.loader), System.bytes(System.library))
            var image = TestImage()
            image.layers = [.init(layer.archive)]
            image.execution = execution.merging(["Entrypoint": ["/bin/cat"]]) { own, _ in own }
            try body(fixture.audit(image))
        }
    }

    @Test(.enabled(if: System.isExpected)) func theLoaderAndTheLibrariesAreFound() throws {
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
        } _: { audit in
            #expect(
                audit.platforms[0].entrypoint.map(\.path.description) == [
                    "/bin/cat", System.loader, System.library,
                ]
            )
            // Neither is released: what a released program loads is worth a look.
            #expect(audit.codes == [.interpreterUnknown, .libraryUnknown])
            #expect(audit.verdict == .contains)
        }
    }

    @Test(
        "what the list of name services has the C library load",
        .enabled(if: System.isExpected),
        arguments: [true, false]
    )
    func nameServices(_ isNamed: Bool) throws {
        let path = "lib/x86_64-linux-gnu/libnss_evil.so.2"
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
            layer.file(path, TestProgram(code: "evil").bytes)
            let service = isNamed ? "evil" : "# evil"
            layer.file("etc/nsswitch.conf", "passwd: files [!UNAVAIL=return evil] \(service)\nhosts files\n")
        } _: { audit in
            let found = audit.allFindings.filter { $0.code == .libraryUnknown }.compactMap { $0.path?.description }
            #expect(found.contains("/" + path) == isNamed, "\(found)")
        }
    }

    @Test(.enabled(if: System.isExpected)) func theConfiguredDirectoriesComeBeforeTheUsualOnes() throws {
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
            layer.file("opt/evil/libc.so.6", library, mode: 0o755)
            layer.file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
            layer.file("etc/ld.so.conf.d/evil.conf", "# first\n/opt/evil\n")
        } _: { audit in
            #expect(audit.platforms[0].entrypoint.last?.path.description == "/opt/evil/libc.so.6")
        }
    }

    @Test(
        "the loader prefers what is for the processor, and goes by its list",
        .enabled(if: System.isExpected),
        arguments: ["glibc-hwcaps/x86-64-v3", "glibc-hwcaps/x86-64-v9", "haswell/x86_64", "tls"]
    )
    func variants(_ place: String) throws {
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/\(place)/libc.so.6", library + [0], mode: 0o755)
            layer.file("etc/ld.so.cache", "glibc-ld.so.cache1.1")
        } _: { audit in
            let libraries = audit.platforms[0].entrypoint.filter { $0.reason == .library }.map(\.path.description)
            #expect(libraries == ["/lib/x86_64-linux-gnu/\(place)/libc.so.6", System.library])
            let unknown = audit.allFindings.filter { $0.code == .libraryUnknown }.map { $0.path?.description }
            #expect(Set(unknown) == Set(libraries + ["/etc/ld.so.cache"]))
        }
    }

    @Test(
        "what isn't absolute is seen from the working directory",
        .enabled(if: System.isExpected),
        arguments: ["evil", ":/lib", "/none::/lib", "/lib/none:"]
    )
    func relativeLibraryPath(_ path: String) throws {
        try withDynamicImage(["Env": .array([.string("LD_LIBRARY_PATH=\(path)")]), "WorkingDir": "/srv"]) {
            layer,
            loader,
            library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
            layer.file("srv/libc.so.6", library, mode: 0o755)
            layer.file("srv/evil/libc.so.6", library, mode: 0o755)
        } _: { audit in
            let place = path == "evil" ? "/srv/evil/libc.so.6" : "/srv/libc.so.6"
            #expect(audit.platforms[0].entrypoint.last?.path.description == place)
        }
    }

    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var execution: [String: JSONValue] = [:]
        var first: String
        var second = "opt/libc.so.6"
        var directories: [(path: String, mode: Int)] = []
        var mode = 0o755
        var programMode = 0o755
        let isUnclear: Bool
    }

    private static func path(_ list: String) -> [String: JSONValue] { ["Env": [.string("LD_LIBRARY_PATH=\(list)")]] }

    static let places = [
        Place(
            testDescription: "what some engines mount over",
            execution: path("/run/l:/opt"),
            first: "run/l/libc.so.6",
            isUnclear: true
        ),
        Place(
            testDescription: "what is every container's own",
            execution: path("/dev/l:/opt"),
            first: "dev/l/libc.so.6",
            isUnclear: true
        ),
        Place(
            testDescription: "a token in the list",
            execution: path("/opt/$LIB:/l"),
            first: "l/libc.so.6",
            second: "opt/lib64/libc.so.6",
            isUnclear: false
        ),
        Place(
            testDescription: "a mount of Kubernetes",
            execution: path("/var/run/secrets/kubernetes.io/serviceaccount:/opt"),
            first: "var/run/secrets/kubernetes.io/serviceaccount/libc.so.6",
            isUnclear: true
        ),
        Place(
            testDescription: "a volume",
            execution: path("/v:/opt").merging(["Volumes": ["/v": [:]]]) { own, _ in own },
            first: "v/libc.so.6",
            isUnclear: true
        ),
        Place(
            testDescription: "a directory that the user can't enter",
            execution: path("/l:/opt").merging(["User": "1000"]) { own, _ in own },
            first: "l/libc.so.6",
            directories: [("l", 0o700)],
            isUnclear: true
        ),
        Place(
            testDescription: "a library that the user can't read",
            execution: path("/l:/opt").merging(["User": "1000"]) { own, _ in own },
            first: "l/libc.so.6",
            mode: 0o600,
            isUnclear: true
        ),
        Place(
            testDescription: "a usual directory that the user can't enter",
            execution: ["User": "1000"],
            first: "lib/x86_64-linux-gnu/libc.so.6",
            second: "lib/libc.so.6",
            directories: [("lib", 0o755), ("lib/x86_64-linux-gnu", 0o700)],
            isUnclear: true
        ),
        Place(
            testDescription: "a list that a set-id program's loader doesn't go by",
            execution: path("/l").merging(["User": "1000"]) { own, _ in own },
            first: "l/libc.so.6",
            second: "lib/libc.so.6",
            programMode: 0o4755,
            isUnclear: true
        ),
        Place(
            testDescription: "directories that all may enter",
            execution: path("/l:/opt").merging(["User": "1000"]) { own, _ in own },
            first: "l/libc.so.6",
            isUnclear: false
        ),
        Place(
            testDescription: "a closed directory, and root",
            execution: path("/l:/opt"),
            first: "l/libc.so.6",
            directories: [("l", 0o700)],
            isUnclear: false
        ),
    ]

    @Test(
        "a library that not every engine loads, before another one",
        .enabled(if: System.isExpected),
        arguments: places
    )
    func unclearLibrary(_ place: Place) throws {
        try withDynamicImage(place.execution) { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            for (path, mode) in place.directories { layer.add(path + "/", "5", mode: mode) }
            layer.file(place.first, library, mode: place.mode)
            layer.file(place.second, library + [0], mode: 0o755)
            if place.programMode != 0o755 {
                layer = TarBuilder()
                layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
                layer.file("bin/cat", try System.bytes(System.program), mode: place.programMode)
                layer.file(place.first, library, mode: place.mode)
                layer.file(place.second, library + [0], mode: 0o755)
            }
        } _: { audit in
            #expect(audit.codes.contains(.unclearCommand) == place.isUnclear)
            #expect(audit.verdict == (place.isUnclear ? .ambiguous : .contains))
        }
    }

    @Test(
        "which of two directories a loader looks into first is built into it, or stands in its cache",
        .enabled(if: System.isExpected),
        arguments: [
            ("lib64", "lib", true), ("usr/lib64", "usr/lib", true), ("opt/good", "lib/x86_64-linux-gnu", true),
            ("lib/x86_64-linux-gnu", "usr/lib", true), ("lib/x86_64-linux-gnu", "srv", false), ("lib", "lib64", true),
        ]
    )
    func otherDirectories(_ released: String, _ other: String, _ isUnclear: Bool) throws {
        try AuditFixture.with { fixture in
            for (path, name) in [(System.program, "cat"), (System.library, "libc")] {
                let source = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
                let (name, version) = try (RepositoryName(parsing: name), Version(parsing: "1"))
                _ = try fixture.store.put([PutRequest(source: .path(source), name: name, version: version)])
            }
            let library = try System.bytes(System.library)
            var layer = TarBuilder()
            layer.file("bin/cat", try System.bytes(System.program), mode: 0o755)
            layer.file("lib64/ld-linux-x86-64.so.2", try System.bytes(System.loader), mode: 0o755)
            layer.file("etc/ld.so.conf", "/opt/good\n")
            layer.file(released + "/libc.so.6", library, mode: 0o755)
            var image = TestImage()
            image.execution = ["Entrypoint": ["/bin/cat"]]
            for (content, isUnclear) in [(library + [0], isUnclear), (library, false)] {
                var both = layer
                both.file(other + "/libc.so.6", content, mode: 0o755)
                image.layers = [.init(both.archive)]
                let audit = try fixture.audit(image)
                #expect(audit.codes.contains(.unclearCommand) == isUnclear)
                #expect(audit.codes.contains(.libraryUnknown) == isUnclear)
                #expect((audit.verdict == .ambiguous) == isUnclear)
            }
        }
    }

    @Test("the list of what is loaded first, where engines have a file of theirs", .enabled(if: System.isExpected))
    func preloadListOfEngines() throws {
        for (path, target, isUnclear) in [
            ("ld.so.preload", "hosts", true), ("ld.so.preload", "/etc/resolv.conf", true),
            ("ld.so.preload", "other", false), ("hosts", "ld.so.preload", true), ("hosts", "ld.so.cache", true),
        ] {
            try withDynamicImage { layer, loader, library in
                layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
                layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
                layer.symbolicLink("etc/" + path, to: target)
            } _: { audit in
                #expect(audit.codes.contains(.unclearCommand) == isUnclear, "\(path) \(target)")
            }
        }
    }

    @Test(
        "what the loader reads or looks into behind a link into /proc, which leads nowhere in the image",
        .enabled(if: System.isExpected),
        arguments: ["etc/ld.so.preload", "etc/ld.so.cache", "lib/x86_64-linux-gnu", "usr/lib/glibc-hwcaps"]
    )
    func linksIntoProc(_ path: String) throws {
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("usr/lib/libc.so.6", library, mode: 0o755)
            layer.symbolicLink(path, to: "/proc/self/cwd/v")
        } _: { audit in
            #expect(audit.verdict == .ambiguous)
        }
    }

    @Test(.enabled(if: System.isExpected)) func aTokenInTheListIsExpanded() throws {
        try withDynamicImage(Self.path("/opt/$LIB")) { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("opt/lib64/libc.so.6", library + [0], mode: 0o755)
            layer.file("usr/lib/libc.so.6", library, mode: 0o755)
        } _: { audit in
            // What it stands for is built into the loader, and may be nothing that is there.
            let libraries = audit.platforms[0].entrypoint.filter { $0.reason == .library }.map(\.path.description)
            #expect(libraries == ["/opt/lib64/libc.so.6", "/usr/lib/libc.so.6"])
        }
    }

    @Test(.enabled(if: System.isExpected)) func aLoaderBehindALinkIntoProcIsUnclear() throws {
        try withDynamicImage { layer, loader, library in
            layer.symbolicLink("lib64/ld-linux-x86-64.so.2", to: "/proc/self/cwd/x/l")
            layer.file("proc/self/cwd/x/l", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
        } _: { audit in
            #expect(audit.verdict == .ambiguous)
        }
    }

    @Test(.enabled(if: System.isExpected)) func whatIsMissingIsSaid() throws {
        try withDynamicImage { _, _, _ in
        } _: { audit in
            #expect(audit.codes == [.interpreterMissing, .libraryMissing])
        }
    }
}
