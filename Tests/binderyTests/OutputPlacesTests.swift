import Foundation
import ImageTransport
import TestSupport
import Testing

@testable import bindery

@Suite(.serialized) struct OutputPlacesTests {
    private func take(
        _ locations: [String],
        files: [String?] = [],
        json: Bool = false,
        store: String = "/nonexistent"
    ) throws {
        defer { Output.settings.hasFile = false }
        var places = OutputPlaces()
        for text in locations { places.add(try ImageLocation(parsing: text)) }
        for (number, path) in files.enumerated() { places.add("--file-\(number)", file: path) }
        try places.take(json: json, store: store)
    }

    @Test(arguments: [
        ["oci-archive:q", "docker-archive:./q"], ["oci:q:1", "oci-archive:q"],
        ["docker-archive:q", "docker-archive:q"],
        ["oci-archive:-", "docker-archive:-"], ["oci:q:1", "oci:q:1"],
        ["oci-archive:/tmp/../tmp/q", "docker-archive:/tmp/q"],
    ])
    func twoOutputsDontMeet(locations: [String]) {
        #expect(throws: UsageError.self) { try take(locations) }
    }

    @Test(arguments: [
        ["oci:q:1", "oci:q:2"], ["oci-archive:q", "docker-archive:r"],
        ["docker://r.example/a:1", "docker://r.example/a:1"],
        ["oci-archive:-", "docker-archive:q"],
    ])
    func othersMay(locations: [String]) throws {
        try take(locations)
    }

    @Test func whatIsReadIsNotReplaced() throws {
        try withTemporaryDirectory { directory in
            let (input, link) = (directory + "/in", directory + "/link")
            try Data("x".utf8).write(to: URL(fileURLWithPath: input))
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: input)
            for read in [input, link, "oci-archive:\(input)", "docker-archive:\(link):app:1"] {
                var places = OutputPlaces()
                places.addInputs([read])
                places.add("--report", file: link)
                #expect(throws: UsageError.self, "\(read)") { try places.take(json: false, store: "/nonexistent") }
            }
            var places = OutputPlaces()
            places.addInputs(input, nil, "-", directory)
            places.add("--report", file: directory + "/out")
            try places.take(json: false, store: "/nonexistent")
        }
    }

    @Test func nothingGoesIntoTheStore() throws {
        try withTemporaryDirectory { directory in
            let store = directory + "/store"
            try FileManager.default.createDirectory(atPath: store + "/blobs", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: store)
            for place in [
                "oci:\(store):1", "oci-archive:\(store)/x", "docker-archive:\(store)/new/x",
                "oci:\(directory)/link/a:1",
            ] {
                #expect(throws: UsageError.self, "\(place)") { try take([place], store: store) }
            }
            try take(["oci-archive:\(store)-beside", "oci:\(directory)/other:1"], store: store)
            #expect(throws: UsageError.self) { try take([], files: [store + "/report"], store: store) }
        }
    }

    @Test func linksLeadToOnePlace() throws {
        try withTemporaryDirectory { directory in
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "file")
            #expect(throws: UsageError.self) { try take([], files: [directory + "/link", directory + "/file"]) }
            try FileManager.default.createDirectory(atPath: directory + "/store", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: directory + "/x",
                withDestinationPath: "store/bindery.db"
            )
            #expect(throws: UsageError.self) {
                try take([], files: [directory + "/x"], store: directory + "/store")
            }
        }
    }

    @Test func filesCountToo() throws {
        #expect(throws: UsageError.self) { try take([], files: ["r", "./r"]) }
        #expect(throws: UsageError.self) { try take([], files: ["-", "-"]) }
        #expect(throws: UsageError.self) { try take([], files: ["-"], json: true) }
        try take([], files: ["r", nil, "s", "-"])
    }
}
