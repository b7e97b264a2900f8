import ContentAddress
import OCI
import Testing

/// Documents with every member that containerd, Docker and containers/image have fields for: each counts once, in its own
/// spelling.
@Suite struct KnownMemberTests {
    private static let digest = Digest.of("abc").description
    private static let platform =
        #"{"architecture":"amd64","os":"linux","os.version":"","os.features":[],"variant":"","features":[]}"#
    private static let descriptor = """
        {"mediaType":"x","digest":"\(digest)","size":3,"urls":[],"annotations":{"1":"2"},"data":null,
        "platform":\(platform),"artifactType":""}
        """
    private static let execution = """
        {"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,
        "ExposedPorts":{"1/tcp":{}},"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":["A=1"],"Cmd":null,
        "Healthcheck":{"Test":["NONE"],"Interval":1000000000,"Timeout":1000000000,"StartPeriod":0,"StartInterval":0,
        "Retries":3},"ArgsEscaped":false,"Image":"","Volumes":{"/1":{}},"WorkingDir":"/","Entrypoint":["/a"],
        "NetworkDisabled":false,"MacAddress":"","OnBuild":null,"Labels":{"1":"2"},"StopSignal":"SIGTERM",
        "StopTimeout":10,"Shell":["/a"]}
        """

    static let manifest = """
        {"schemaVersion":2,"mediaType":"\(MediaType.imageManifest)","artifactType":"","config":\(descriptor),
        "layers":[\(descriptor)],"subject":\(descriptor),"annotations":{"1":"2"}}
        """
    static let index = """
        {"schemaVersion":2,"mediaType":"\(MediaType.imageIndex)","artifactType":"","manifests":[\(descriptor)],
        "subject":\(descriptor),"annotations":{"1":"2"}}
        """
    static let config = """
        {"created":"2026-01-01T00:00:00Z","author":"","architecture":"amd64","os":"linux","os.version":"",
        "os.features":[],"variant":"","config":\(execution),"rootfs":{"type":"layers","diff_ids":[]},
        "history":[{"created":"2026-01-01T00:00:00Z","created_by":"","author":"","comment":"","empty_layer":false}],
        "id":"","parent":"","comment":"","container":"","container_config":\(execution),"docker_version":"","Size":1}
        """

    private static func read(_ text: String, _ kind: DocumentKind) throws(OCIError) {
        let bytes = Array(text.utf8)
        switch kind {
        case .index: _ = try DocumentReading<ImageIndex>.decode(bytes, as: kind, what: "it")
        case .manifest: _ = try DocumentReading<ImageManifest>.decode(bytes, as: kind, what: "it")
        default: _ = try DocumentReading<ImageConfig>.decode(bytes, as: kind, what: "it")
        }
    }

    /// The spellings that Go's encoding/json takes for a name, itself included.
    private static func spellings(_ name: String) -> Set<String> {
        var spellings: Set = [name, name.uppercased(), name.lowercased()]
        for (letter, other) in [("s", "\u{17F}"), ("k", "\u{212A}"), ("S", "\u{17F}"), ("K", "\u{212A}")] {
            if name.contains(letter) { spellings.insert(name.replacing(letter, with: other)) }
        }
        return spellings
    }

    @Test(arguments: [(DocumentKind.manifest, manifest), (.index, index), (.config, config)])
    func eachCountsOnceInItsOwnSpelling(kind: DocumentKind, text: String) throws {
        try Self.read(text, kind)
        // Keys of maps have digits here: those count as they are.
        let members = text.matches(of: /"([A-Za-z_.]+)":/)
        #expect(members.count > 20)
        for member in members {
            let place = member.range.lowerBound
            for spelling in Self.spellings(String(member.1)) {
                let twice = text[..<place] + "\"\(spelling)\":null," + text[place...]
                let error = #expect(throws: OCIError.self, "\(spelling)") { try Self.read(String(twice), kind) }
                guard case .ambiguous = error else {
                    Issue.record("\(spelling) before \(member.1): \(String(describing: error))")
                    continue
                }
            }
        }
    }
}
