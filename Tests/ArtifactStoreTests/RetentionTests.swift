import ArtifactStore
import ContentAddress
import GRDB
import OCI
import Release
import Testing

@Suite("Retention")
struct RetentionTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store(durable: false)
    }

    @discardableResult
    private func put(_ key: String) throws -> Digest {
        let path = try fixture.file("source", key)
        return try store.put([try fixture.request(path, key)])[0].artifact.digest
    }

    private func kept() throws -> [String] { try store.releases().map { $0.key.description } }

    private func policy(_ text: String) throws -> RetentionPolicy { try RetentionPolicy(parsing: Array(text.utf8)) }

    @Test("the last stable versions and pre-releases of each name stay, and the rest goes")
    func lastVersionsStay() throws {
        for version in ["1.9.0", "1.10.0", "1.11.0", "2.0.0-rc.1", "2.0.0-rc.2", "nightly"] {
            try put("agent@\(version)")
        }
        try put("tool@1.0.0")
        let rules = #"{"rules": [{"names": ["agent"], "keepStable": 2, "keepPreReleases": 1}]}"#
        let report = try store.collect(grace: 0, policy: try policy(rules))
        #expect(try kept() == ["agent@1.10.0", "agent@1.11.0", "agent@2.0.0-rc.2", "tool@1.0.0"])
        #expect(report.blobs.count == 3)
        #expect(report.decisions.first { $0.release.key.name.text == "tool" }?.reason == "no rule speaks for the name")
        let tombstone = try store.tombstones(of: try ReleaseKey(parsing: "agent@1.9.0")).first
        #expect(tombstone?.reason == "retention: nothing in rules[0] keeps it")
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("a dry run explains each decision and removes nothing")
    func dryRun() throws {
        try put("agent@1.0.0")
        try put("agent@2.0.0")
        let rules = #"{"rules": [{"names": ["*"], "keepStable": 1}]}"#
        let report = try store.collect(grace: 0, policy: try policy(rules), dryRun: true)
        #expect(report.decisions.map(\.isKept) == [false, true])
        #expect(report.decisions[1].reason == "the last stable version")
        #expect(report.blobs.count == 1)
        #expect(try kept().count == 2)
    }

    @Test("days, patterns and pins keep")
    func otherReasons() throws {
        try put("agent@1.0.0")
        try put("agent@1.2.0")
        let pinned = try put("agent@2.0.0")
        try put("agent@3.0.0")
        for _ in 0..<(3 * 86_400) { _ = fixture.clock.now }
        try put("agent@4.0.0")
        try store.pin([pinned], reason: "the audit")
        let rules = #"{"rules": [{"names": ["a*"], "keepDays": 2, "keepVersions": ["1.2*"]}]}"#
        let report = try store.collect(grace: 0, policy: try policy(rules))
        #expect(try kept() == ["agent@1.2.0", "agent@2.0.0", "agent@4.0.0"])
        #expect(
            report.decisions.map(\.reason) == [
                "nothing in rules[0] keeps it", "its version is like '1.2*'", "it is pinned",
                "nothing in rules[0] keeps it", "put in the last 2 days",
            ]
        )
    }

    @Test("the first rule that matches speaks for a name")
    func firstRuleWins() throws {
        try put("team/agent@1.0.0")
        try put("other@1.0.0")
        let rules = #"{"rules": [{"names": ["team/*"], "keepStable": 1}, {"names": ["*"]}]}"#
        _ = try store.collect(policy: try policy(rules))
        #expect(try kept() == ["team/agent@1.0.0"])
    }

    @Test(arguments: [
        (#"{"names": ["a"]}"#, 1), (#"{"names": ["a"], "keepInImages": true}"#, 1),
        (#"{"names": ["a"], "keepDays": 1}"#, 0),
        (#"{"names": ["a*"], "keepStable": 1}, {"names": ["ab", "ac*"], "keepStable": 2}"#, 1),
        (#"{"names": ["a"], "keepStable": 1}, {"names": ["a", "b"], "keepStable": 2}"#, 0),
        (#"{"names": ["a?"], "keepStable": 1}, {"names": ["a*"], "keepStable": 2}"#, 0),
    ])
    func rulesThatAreHardlyMeantAreRemarkedOn(rules: String, count: Int) throws {
        #expect(try policy("{\"rules\": [\(rules)]}").remarks.count == count)
    }

    @Test(
        "a policy that isn't one is refused, with the place",
        arguments: [
            ("", "text"), ("[]", "top"), ("{}", "top"), (#"{"rules": [], "x": 1}"#, "x"),
            (#"{"rules": [{}]}"#, "rules[0].names"), (#"{"rules": [{"names": []}]}"#, "rules[0].names"),
            (#"{"rules": [{"names": ["a"]}, 1]}"#, "rules[1]"),
            (#"{"rules": [{"names": ["*"], "keepStabel": 3}]}"#, "rules[0].keepStabel"),
            (#"{"rules": [{"names": ["*"], "keepDays": -1}]}"#, "rules[0].keepDays"),
            (#"{"rules": [{"names": ["*"], "keepDays": 99999999999999999999}]}"#, "rules[0].keepDays"),
            (#"{"rules": [{"names": ["*"], "keepInImages": "yes"}]}"#, "rules[0].keepInImages"),
            (#"{"rules": [{"names": [""]}]}"#, "rules[0].names"),
            (#"{"rules": [{"names": ["a@1"]}]}"#, "rules[0].names"),
            (#"{"rules": [{"names": ["a"], "keepVersions": ["["]}]}"#, "rules[0].keepVersions"),
        ]
    )
    func badPolicies(text: String, place: String) throws {
        #expect {
            try policy(text)
        } throws: {
            ($0 as? RetentionPolicyError)?.place == place
        }
    }

    @Test(arguments: [
        ("{\n \"rules\": [\n  {\"nams\": [\"x\"]}\n ]\n}\n", 3), ("{\"rules\": [\n1]}", 2), ("{\n\"x\"", 2),
        ("{\"rules\": [{\"names\": [\"a\"],\n\"names\": [\"b\"]}]}", 2),
    ])
    func badPoliciesNameTheLine(text: String, line: Int) throws {
        #expect {
            try policy(text)
        } throws: {
            ($0 as? RetentionPolicyError)?.line == line
        }
    }

    @Test("a pinned release isn't removed, unless it is forced, and its bytes stay then")
    func pinsHold() throws {
        let digest = try put("agent@1.0.0")
        try store.pin([digest], reason: nil)
        let key = try ReleaseKey(parsing: "agent@1.0.0")
        #expect {
            try store.remove(key)
        } throws: {
            if case StoreError.held(_, by: ["a pin"]) = $0 { true } else { false }
        }
        _ = try store.remove(key, force: true)
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        #expect(try store.unpin([digest]) == 1)
        #expect(try store.pins().isEmpty)
        #expect(try store.collect(grace: 0).blobs.map(\.digest) == [digest])
    }

    private func image(_ name: String, holding artifacts: [Digest] = []) throws -> (digest: Digest, layer: Digest) {
        let batch = try store.beginBatch()
        let layer = try batch.add(Array("layer of \(name)".utf8))
        let child = try batch.add(Array("child of \(name)".utf8))
        let root = try batch.add(Array("index of \(name)".utf8))
        try store.commit(
            batch,
            image: ImageRecord(
                digest: root,
                mediaType: MediaType.imageIndex,
                blobs: [root, child, layer],
                artifacts: Set(artifacts),
                references: [try ImageReference(parsing: name)]
            )
        )
        return (root, layer)
    }

    @Test("a release that an image holds isn't removed, and no policy lets it go")
    func imagesHold() throws {
        let digest = try put("agent@1.0.0")
        let image = try image("app:1", holding: [digest])
        let key = try ReleaseKey(parsing: "agent@1.0.0")
        #expect {
            try store.remove(key)
        } throws: {
            if case StoreError.held(_, by: ["the image app:1"]) = $0 { true } else { false }
        }
        let rules = try policy(#"{"rules": [{"names": ["*"]}]}"#)
        let report = try store.collect(grace: 0, policy: rules)
        #expect(report.decisions.map(\.reason) == ["the image app:1 holds it"])
        // Its last name gone, the image holds nothing any more.
        _ = try store.removeImage(try ImageReference(parsing: "app:1"))
        #expect(try store.remove(key).count == 1)
        #expect(
            try Set(store.collect(grace: 0).blobs.map(\.digest)).isSuperset(of: [digest, image.digest, image.layer])
        )
        #expect(fixture.blobNames.isEmpty)
    }

    @Test("an index is collected as a whole: its children stay with it and go with it")
    func indexChildrenStay() throws {
        let image = try image("app:1")
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        // The name moves: the old image has none, and goes, children and all.
        let next = try self.image("app:2")
        try store.tag(next.digest, as: try ImageReference(parsing: "app:1"))
        let report = try store.collect(grace: 0)
        #expect(report.images == [image.digest])
        #expect(report.blobs.count == 3)
        #expect(fixture.blobNames.count == 3)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("an image whose name moved is there for a pull that began before, until the grace period is over")
    func pullsInProgress() throws {
        let image = try image("app:1")
        for _ in 0..<7200 { _ = fixture.clock.now }
        let next = try self.image("app:2")
        try store.tag(next.digest, as: try ImageReference(parsing: "app:1"))
        #expect(try store.collect().images.isEmpty)
        #expect(try store.readBlob(image.layer) == Array("layer of app:1".utf8))
        for _ in 0..<7200 { _ = fixture.clock.now }
        #expect(try store.collect().images == [image.digest])
    }

    @Test("an image without a name that is pinned stays, with all that it reaches")
    func pinnedImagesStay() throws {
        let image = try image("app:1")
        try store.pin([image.digest], reason: "running in production")
        _ = try store.removeImage(try ImageReference(parsing: "app:1"))
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        #expect(fixture.blobNames.count == 3)
    }

    @Test("a child of an index isn't removed by itself, and what was an image of its own stays as a child")
    func indexChildrenAreReachable() throws {
        let index = try image("app:1")
        let child = Digest.of(Array("child of app:1".utf8))
        let reference = try ImageReference(parsing: "app@\(child)")
        #expect(try !store.removeImage(reference))
        // The child gets a name of its own, as when one platform was pushed by itself, and loses it again.
        let record = ImageRecord(
            digest: child,
            mediaType: MediaType.imageManifest,
            blobs: [child, index.layer],
            references: [try ImageReference(parsing: "app:amd64")]
        )
        try store.commit(try store.beginBatch(), image: record)
        #expect(try store.removeImage(reference))
        #expect(try store.image(reference) == nil)
        #expect(try store.collect(grace: 0).blobs.isEmpty)
        #expect(try store.readBlob(child) == Array("child of app:1".utf8))
        #expect(try store.readBlob(index.layer) == Array("layer of app:1".utf8))
        #expect(fixture.blobNames.count == 3)
    }
}
