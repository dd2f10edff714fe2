"""Reads event files of TensorBoard with a decoder of its own, and compares them with metrics.jsonl.

read_events.py FOLDER METRICS_JSONL [EVENTS]. Framing is TensorFlow's (lengths and CRC-32C, masked), the
wire format protobuf's; both are decoded from their definitions, strictly: no field that is not known.
"""
import glob
import json
import struct
import sys

TABLE = []
for byte in range(256):  # Castagnoli's polynomial, reflected
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


assert crc32c(b'123456789') == 0xE3069283  # the check value of RFC 3720


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    while data:
        length, check = struct.unpack_from('<QI', data)
        assert check == masked(data[:8]), 'the CRC of a length'
        event, (check,) = data[12:12 + length], struct.unpack_from('<I', data, 12 + length)
        assert check == masked(event), 'the CRC of an event'
        yield event
        data = data[16 + length:]


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at:at + size], at + size
        yield key >> 3, kind, value


def event_of(data):
    event = {'step': 0, 'values': {}}
    for number, kind, value in fields(data):
        if (number, kind) == (1, 1):
            event['wall_time'], = struct.unpack('<d', value)
        elif (number, kind) == (2, 0):
            event['step'] = value
        elif (number, kind) == (3, 2):
            event['version'] = value.decode()
        elif (number, kind) == (5, 2):
            for inner, inner_kind, one in fields(value):
                assert (inner, inner_kind) == (1, 2), inner
                pair = {n: v for n, _, v in fields(one)}
                assert pair.keys() <= {1, 2}, pair
                scalar, = struct.unpack('<f', pair.get(2, bytes(4)))
                assert event['values'].setdefault(pair[1].decode(), scalar) is scalar, 'twice'
        else:
            raise AssertionError(f'field {number} of kind {kind}')
    return event


def flat(value, name):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f'{name}.{key}' if name else key)
    elif isinstance(value, list):
        for street, one in enumerate(value):
            yield f'{name}/{street}', one
    elif not isinstance(value, str):
        yield name, value


def main():
    events = []
    for path in sorted(glob.glob(f'{sys.argv[1]}/events.out.tfevents.*')):
        of_file = [event_of(record) for record in records(open(path, 'rb').read())]
        assert of_file[0].get('version') == 'brain.Event:2', of_file[0]
        events += of_file[1:]
    lines = [dict(flat(json.loads(line), '')) for line in open(sys.argv[2])]
    assert len(events) == len(lines) >= 2, (len(events), len(lines))
    for event, line in zip(events, lines):
        assert event['wall_time'] == line['unix_time'] and event['step'] == line['iterations'], event
        assert event['values'].keys() == line.keys(), event['values'].keys() ^ line.keys()
        for name, value in line.items():
            as_float, = struct.unpack('<f', struct.pack('<f', value))
            assert event['values'][name] == as_float, (name, value, event['values'][name])


main()
