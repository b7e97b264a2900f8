import Foundation
import SBOM
import TestSupport
import Testing

@testable import Proofs

/// Advisories are read from files, directories and lists; a place without any is an error.
@Suite struct AdvisoryFileTests {
    private func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    private func advisory(_ number: Int) -> String {
        #"{"id":"TEST-\#(number)","affected":[{"package":{"ecosystem":"Go","name":"a"}}]}"#
    }

    private func count(_ path: String) throws -> Int? {
        var database: AdvisoryDatabase?
        try AdvisoryFile.read(path, into: &database)
        return database?.count
    }

    @Test func aFileHasOneAndAListHasOneALine() throws {
        try withTemporaryDirectory { directory in
            try write(advisory(1), to: directory + "/one.json")
            try write(advisory(1) + "\n" + advisory(2) + "\n", to: directory + "/all.jsonl")
            #expect(try count(directory + "/one.json") == 1)
            #expect(try count(directory + "/all.jsonl") == 2)
        }
    }

    @Test func aDirectoryIsReadButForListsAndOtherFiles() throws {
        try withTemporaryDirectory { directory in
            try write(advisory(1), to: directory + "/one.json")
            try write(advisory(2), to: directory + "/deeper/two.json")
            try write("[]", to: directory + "/index/modules.json")
            try write("not an advisory", to: directory + "/.hidden/three.json")
            try write("not an advisory", to: directory + "/README.md")
            #expect(try count(directory) == 2)
        }
    }

    @Test func aPlaceWithoutAdvisoriesIsAnError() throws {
        try withTemporaryDirectory { directory in
            try write("nothing", to: directory + "/empty/README.md")
            #expect(throws: ProofError.self) { try count(directory + "/empty") }
            try write("{", to: directory + "/broken.json")
            let error = #expect(throws: ProofError.self) { try count(directory + "/broken.json") }
            #expect(error?.description.contains("broken.json") == true)
        }
    }

    @Test func directoriesBelowTooManyOthersAreRefused() throws {
        try withTemporaryDirectory { directory in
            try write(advisory(1), to: directory + "/0/1/2/3/4/5/6/7/8/9/one.json")
            #expect(throws: ProofError.self) { try count(directory) }
        }
    }
}
