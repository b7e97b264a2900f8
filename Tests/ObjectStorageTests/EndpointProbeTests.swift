import Testing

@testable import ObjectStorage

@Suite struct EndpointProbeTests {
    private func report(_ fault: FakeStorage.Fault?, prefix: String = "/blobs") throws -> EndpointReport {
        try FakeStorage.run(fault, prefix: prefix) { client, storage, _ in
            let report = try EndpointProbe(client, name: "probe", rounds: 4).run()
            #expect(storage.keys == [], "\(fault?.rawValue ?? "")")
            #expect(storage.uploadCount == 0 || fault == .immortalUploads)
            return report
        }
    }

    @Test(arguments: ["", "/blobs", "/team/blobs"])
    func anEndpointThatKeepsItsPromisesIsUsable(_ prefix: String) throws {
        let report = try report(nil, prefix: prefix)
        for check in report.checks { #expect(check.result == .yes, "\(check.name.rawValue): \(check.detail)") }
        #expect(report.checks.map(\.name) == EndpointReport.Name.allCases)
        #expect(report.unmet.isEmpty)
    }

    @Test(
        arguments: [
            (.staleReads, .readAfterWrite), (.deletedReads, .readAfterWrite), (.ignoredChecksums, .checksums),
            (.unsignedBodies, .signedBodies), (.noStoredChecksums, .storedChecksums),
            (.repeatedClaims, .storedChecksums),
            (.ignoredRanges, .ranges), (.shortLists, .list), (.swappedParts, .multipart), (.earlyUploads, .multipart),
            (.ignoredPartChecksums, .partChecksums), (.immortalUploads, .abort), (.ignoredConditions, .conditionalPut),
            (.ignoredConditions, .conditionalMultipart), (.unknownConditions, .conditionalPut),
            (.racedConditions, .conditionalPut), (.racedUploads, .conditionalMultipart),
            (.uncheckedAddresses, .presignedGet), (.open, .authentication), (.deletingRule, .lifecycle),
            (.versions, .versions),
        ] as [(FakeStorage.Fault, EndpointReport.Name)]
    )
    func aBrokenPromiseIsSeen(_ fault: FakeStorage.Fault, _ name: EndpointReport.Name) throws {
        let report = try report(fault)
        let check = try #require(report.checks.first { $0.name == name })
        #expect(check.result == .no, "\(check.detail)")
        #expect(report.unmet.contains(check) == name.isRequired)
    }

    @Test func conditionsThatSomeWritersGetPastAreToldFromIgnoredOnes() throws {
        func detail(_ fault: FakeStorage.Fault) throws -> String {
            try #require(try report(fault).checks.first { $0.name == .conditionalPut }).detail
        }
        #expect(try detail(.ignoredConditions).contains("ignored: all of 8 writers"))
        #expect(try detail(.racedConditions).contains("several of 8 writers succeeded in"))
        #expect(try detail(.unknownConditions).contains("NotImplemented"))
    }

    @Test func rulesThatMayNotBeReadAreUnknown() throws {
        let report = try report(.hiddenRules)
        let check = try #require(report.checks.first { $0.name == .lifecycle })
        #expect(check.result == .unknown && check.detail.contains("AccessDenied"))
        #expect(report.unmet.isEmpty)
    }

    @Test func aWriterWithoutAnAnswerMakesARoundDoubtful() {
        var result = RaceResult(writers: 2)
        let lost = ObjectStorageError.precondition(what: "", place: "")
        let silent = ObjectStorageError.unfinished(what: "object", endpoint: "here", reason: "it fell silent")
        result.add([.failure(lost), .failure(silent)], standing: 1)
        #expect(result.verdict.0 == .no && result.verdict.1.contains("fell silent"))
        result.add([.success(()), .failure(lost)], standing: 0)
        #expect(result.verdict.0 == .yes)
        result.add([.success(()), .failure(lost)], standing: 1)
        #expect(result.verdict.0 == .no)
    }

    @Test func racersAreAllThereAtOnce() {
        // More than this machine has processors: each waits for all others.
        #expect(Race.run(32) { $0 } == Array(0..<32))
    }
}
