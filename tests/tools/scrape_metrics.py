"""Reads /metrics and /healthz of a run while it trains, and compares them with its metrics.jsonl.

scrape_metrics.py PORT METRICS_JSONL [worker]: the port of the run, or of its only worker. A parser
of its own, strict: the text format 0.0.4, of which only HELP, TYPE and samples may occur, a family's
lines together, each name once.
"""
import json
import re
import sys
import time
import urllib.error
import urllib.request

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{street="(\d+)"\})? (\S+)')


def get(path, method='GET'):
    request = urllib.request.Request(f'http://127.0.0.1:{sys.argv[1]}{path}', method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers.get('Content-Type'), answer.read().decode('ascii')
    except urllib.error.HTTPError as error:
        return error.code, None, ''
    except OSError:
        return 0, None, ''


def parse(text):
    families, samples, family, kind = set(), {}, None, None
    assert text.endswith('\n'), 'the last line is cut'
    for line in text[:-1].split('\n'):
        if line.startswith('# HELP '):
            family, kind = line.split(' ', 3)[2], None
            assert family not in families, f'{family} comes twice'
            families.add(family)
        elif line.startswith('# TYPE '):
            _, _, name, kind = line.split(' ')
            assert name == family and kind in ('counter', 'gauge'), line
            assert name.endswith('_total') == (kind == 'counter'), line
        else:
            match = SAMPLE.fullmatch(line)
            assert match and match[1] == family and kind, line
            key = (match[1], int(match[2]) if match[2] else None)
            assert key not in samples, line
            samples[key] = float(match[3])
    return samples


def flat(value, name):
    """The figures of a line of metrics.jsonl under the names that Prometheus should have."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f'{name}_{key}')
    elif isinstance(value, list):
        yield from (((name, street), float(one)) for street, one in enumerate(value))
    elif not isinstance(value, str):
        yield (name, None), float(value)


def check_worker():
    """Its own figures grow, and the metrics of its coordinator have what it tells every 2 s."""
    until, units, told = time.time() + 15, set(), False
    while not (len(units) >= 2 and told):
        assert time.time() < until, (units, told)
        time.sleep(0.1)
        status, _, text = get('/metrics')
        if status == 200:
            samples = parse(text)
            units.add(samples['nashville_worker_units_run_total', None])
            assert samples['nashville_threads', None] == 1
        try:
            last = json.loads(open(sys.argv[2]).read().split('\n')[-2])
        except (OSError, IndexError):
            continue
        told = (last['worker_threads'] == 1 and last['workers_resident_bytes'] > 1e6 and
                0 < last['lookup_waiting_share'] < 1 and last['bytes_down_per_iteration'] > 0 and
                0 < last['rows_overlap_share'] < 1 and last['round']['merge_seconds'] > 0 and
                0 < last['worker_time']['running_seconds'] and
                # The whole and its parts, which are told in milliseconds and microseconds.
                sum(last['worker_time'].values()) < 2 * last['worker_time']['all_seconds'] + 0.01)
    assert get('/healthz')[0] == 200


def main():
    if sys.argv[3:] == ['worker']:
        return check_worker()
    until = time.time() + 8
    while True:
        status, kind, text = get('/metrics')
        if status == 200 and 'nashville_rounds_total' in text:
            break
        assert time.time() < until, 'no figures came'
        time.sleep(0.02)
    assert kind.startswith('text/plain; version=0.0.4'), kind
    assert get('/healthz')[0] == 200
    assert get('/healthz', 'POST')[0] == 405
    assert get('/metrics/more')[0] == 404
    assert get('/../../etc/passwd')[0] in (400, 404)
    samples = {(name[:-len('_total')] if name.endswith('_total') else name, street): value
               for (name, street), value in parse(text).items()}
    while True:  # its line is written right after the figures are there
        lines = [dict(flat(json.loads(line), 'nashville')) for line in open(sys.argv[2])]
        same = [line for line in lines
                if line['nashville_unix_time', None] == samples['nashville_unix_time', None]]
        if same:
            break
        assert time.time() < until, 'no line has this time'
        time.sleep(0.02)
    assert samples.keys() == same[0].keys(), samples.keys() ^ same[0].keys()
    for key, value in same[0].items():
        assert abs(samples[key] - value) <= 1e-9 * abs(value), (key, value, samples[key])


main()
