"""Debian's prometheus scrapes a trainer, a coordinator and a worker: `tools/dev prometheus-test`.

With the rules and the dashboard of configs/monitoring: promtool checks and tests the rules, each
expression of the dashboard is asked, and what Prometheus has is what metrics.jsonl has.
"""
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

from free_port import free_port

MONITORING = 'configs/monitoring'
PROGRAMS = 'bazel-bin/tools'


class Prometheus:
    def __init__(self, folder, targets):
        self.address = f'127.0.0.1:{free_port()}'
        config = open(f'{MONITORING}/prometheus.yaml').read()
        config = re.sub(r'(scrape|evaluation)_interval: \d+s', r'\1_interval: 1s', config)
        config = config.replace('alerts.yaml', os.path.abspath(f'{MONITORING}/alerts.yaml'))
        for shipped, target in targets.items():
            assert f'"{shipped}"' in config, shipped
            config = config.replace(f'"{shipped}"', target)
        path = f'{folder}/prometheus.yaml'
        with open(path, 'w') as file:
            file.write(config)
        self.process = subprocess.Popen(
            ['prometheus', f'--config.file={path}', f'--storage.tsdb.path={folder}/tsdb',
             f'--web.listen-address={self.address}'], stderr=open(f'{folder}/prometheus.log', 'w'))

    def get(self, path, **arguments):
        url = f'http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(arguments)}'
        with urllib.request.urlopen(url, timeout=5) as answer:
            document = json.load(answer)
        assert document['status'] == 'success', document
        return document['data']

    def ask(self, query):
        """By job and port: the value now."""
        return {one['metric'].get('instance', '').split(':')[-1]: float(one['value'][1])
                for one in self.get('query', query=query)['result']}


def wait_for(what, seconds, ready):
    until = time.time() + seconds
    while True:
        try:
            found = ready()
            if found:
                return found
        except OSError:
            found = 'no answer'
        assert time.time() < until, f'{what}: not within {seconds} s: {found}'
        time.sleep(0.2)


def start(folder, ports):
    definition = re.sub(r'(?<=: )games/', os.path.abspath('configs/games') + '/',
                        open('configs/leduc_cluster.yaml').read())
    with open(f'{folder}/run.yaml', 'w') as file:
        file.write(definition)
    common = [f'--config={folder}/run.yaml', '--time_budget=60', '--threads=1', '--report_every=1']
    programs = {
        'trainer': ['train_blueprint', f'--out={folder}/trainer', *common],
        'coordinator': ['train_blueprint', f'--out={folder}/coordinator', *common,
                        f'--listen=ipc://{folder}/socket'],
        'worker': ['worker', f'--coordinator=ipc://{folder}/socket', '--threads=1'],
    }
    return [subprocess.Popen(
        [f'{PROGRAMS}/{program[0]}', *program[1:], f'--metrics_address={ports[name]}'],
        stdout=subprocess.DEVNULL, stderr=open(f'{folder}/{name}.log', 'w'))
        for name, program in programs.items()]


def check(prometheus, folder, ports):
    everybody = {str(port) for port in ports.values()}
    # Two scrapes of each, at least: rounds go on.
    wait_for('rounds of all three', 30, lambda: {
        port for port, rounds in prometheus.ask('increase(nashville_rounds_total[30s])').items()
        if rounds > 0} == everybody)
    assert set(prometheus.ask('up == 1')) == everybody, prometheus.ask('up')
    units = wait_for('units of the worker', 15, lambda: prometheus.ask('nashville_worker_units_run_total'))
    assert set(units) == {str(ports['worker'])}, units
    assert prometheus.ask('nashville_worker_threads')[str(ports['coordinator'])] == 1
    wait_for('figures of the worker at its coordinator', 15,
             lambda: prometheus.ask('nashville_workers_resident_bytes > 1000000'))
    for name in 'trainer', 'coordinator':
        got = prometheus.ask(f'nashville_iterations_total{{instance=~".*:{ports[name]}"}}')
        lines = [json.loads(line) for line in open(f'{folder}/{name}/metrics.jsonl')]
        assert got[str(ports[name])] in [line['iterations'] for line in lines], (name, got)
    rules = [rule for group in prometheus.get('rules')['groups'] for rule in group['rules']]
    assert len(rules) == 11 and all(rule['health'] == 'ok' for rule in rules), rules
    dashboard = json.load(open(f'{MONITORING}/dashboard.json'))
    with_data = 0
    for panel in dashboard['panels']:
        for target in panel['targets']:
            with_data += bool(prometheus.ask(target['expr']))
    assert with_data >= 30, f'{with_data} curves of the dashboard have data'
    print(f'prometheus-test: {len(everybody)} processes scraped, {len(rules)} rules evaluated, '
          f'{with_data} curves of the dashboard have data')


def main():
    for command in ['check', 'rules', 'alerts.yaml'], ['test', 'rules', 'alerts_test.yaml']:
        subprocess.run(['promtool', *command], cwd=MONITORING, check=True, stdout=subprocess.DEVNULL)
    ports = {name: free_port() for name in ('trainer', 'coordinator', 'worker')}
    with tempfile.TemporaryDirectory() as folder:
        processes = start(folder, ports)
        prometheus = Prometheus(folder, {
            '127.0.0.1:9464': f'"127.0.0.1:{ports["trainer"]}", "127.0.0.1:{ports["coordinator"]}"',
            '127.0.0.1:9465': f'"127.0.0.1:{ports["worker"]}"'})
        processes.append(prometheus.process)
        try:
            check(prometheus, folder, ports)
        except BaseException:
            for name in 'trainer', 'coordinator', 'worker', 'prometheus':
                print(f'--- {name}\n' + open(f'{folder}/{name}.log').read()[-1500:])
            raise
        finally:
            for process in processes:
                process.send_signal(signal.SIGINT)
            for process in processes:
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


main()
